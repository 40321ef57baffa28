/** Who works at Contoso: whom somebody who tries the product on this machine finds by name, to send callers to. */
export const samplePeople = [
  // Whom the flow of a new installation names (flow/sample.ts).
  ['b1f5a3d2-7c1e-4b8e-9a55-0c1d2e3f4a5b', 'Adele Vance', 'adele.vance'],
  ['5d0a6f2e-93b7-4c1d-8e42-7a1f0b9c3d64', 'Alex Wilber', 'alex.wilber'],
  ['c7e2b914-0f5d-4a36-b8c1-2d9e6f4a7b03', 'Diego Siciliani', 'diego.siciliani'],
  ['8f3c2d10-4b5e-4c6d-9a7b-1e2f3a4b5c6d', 'Lena Hofer', 'lena.hofer'],
  ['2b9d7e46-1c38-4f0a-a5d2-6e8b3c7f1094', 'Lukas Hofmann', 'lukas.hofmann'],
  ['e41f8a7c-5d26-4b93-8c0e-9f3a2b6d7158', 'Mira Hofstätter', 'mira.hofstaetter'],
  ['93a6c5f1-7e0b-4d82-b614-0c5f8e2d3a79', 'Pat O’Hara', 'pat.ohara'],
  ['f0b8d3e5-2a94-4c7f-9d16-5b7e1c3a8f42', 'Priya Nair', 'priya.nair'],
].map(([id, displayName, name]) => ({
  id,
  displayName,
  mail: `${name}@contoso.example`,
  userPrincipalName: `${name}@contoso.example`,
}))
