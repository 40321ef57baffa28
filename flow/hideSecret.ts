/**
 * Takes a secret out of what a service has answered, in the ways in which services write back what was sent to them: as it is, in JSON, in
 * an address, in a page, and in base64, with its user (RFC 7617) and without.
 */
export function hideSecret(shown: string, secret: string, user: string): string {
  const plain = [secret, base64(secret), base64(`${user}:${secret}`)]
  // The longest first: a shorter form within it would leave its rest.
  const forms = [...new Set(plain.flatMap(formsOf))].sort((a, b) => b.length - a.length)
  return forms.reduce((text, form) => text.replaceAll(form, '•••'), shown)
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

function formsOf(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1)
  const bare = json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const address = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
  const form = new URLSearchParams({ '': text }).toString().slice(1)
  const page = text.replace(/[&<>"']/g, (mark) => `&${entities[mark]};`)
  const addresses = [address, form].flatMap((one) => [one, one.replace(/%../g, (byte) => byte.toLowerCase())])
  return [text, json, bare, ...[json, bare].map((one) => one.replaceAll('/', '\\/')), page, ...addresses]
}

const entities: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' }
