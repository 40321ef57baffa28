/**
 * Gives what takes a secret out of what a service has answered, in the ways in which services write back what was sent to them: as it is, in JSON, in
 * an address, in a page, and in base64, with its user (RFC 7617) and without.
 */
export function hideSecret(secret: string, user: string): (shown: string) => string {
  const plain = [secret, base64(secret), base64(`${user}:${secret}`)]
  // The longest first: a shorter form within it would leave its rest.
  const forms = [...new Set(plain.flatMap(formsOf))].sort((a, b) => b.length - a.length)
  return (shown) => forms.reduce((text, form) => text.replaceAll(form, '•••'), shown)
}

/** Of its UTF-8. */
export const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)))

function formsOf(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1)
  const bare = json.replace(/[^\x20-\x7e]/g, escaped)
  // Go escapes these three within its JSON, and .NET more than these, in capitals.
  const go = json.replace(/[<>&]/g, escaped)
  const dotNet = text
    .replaceAll('\\', '\\\\')
    .replace(/["'&<>+`]|[^\x20-\x7e]/g, (unit) => escaped(unit).toUpperCase().replace('U', 'u'))
  const address = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
  const form = new URLSearchParams({ '': text }).toString().slice(1)
  const page = text.replace(/[&<>"']/g, (mark) => `&${entities[mark]};`)
  const addresses = [address, form].flatMap((one) => [one, one.replace(/%../g, (byte) => byte.toLowerCase())])
  const php = [json, bare].map((one) => one.replaceAll('/', '\\/'))
  return [text, json, bare, go, dotNet, ...php, page, ...addresses]
}

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

const entities: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' }
