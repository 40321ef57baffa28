/**
 * A host as addresses have it: in small letters, with its port where that is not the one of https. Whole addresses are taken for their
 * host. Null for what is none, and for one with a user or a wildcard, which would not mean what it seems to.
 */
export function hostOf(text: string): string | null {
  const address = text.includes('://') ? text.trim() : `https://${text.trim()}`
  if (!URL.canParse(address)) return null
  const { host, username, password } = new URL(address)
  const isPlain = /^([a-z0-9._-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/.test(host)
  return isPlain && username === '' && password === '' ? host : null
}
