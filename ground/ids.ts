const normal = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const guid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i

/** A GUID in lower case with hyphens, however Graph spelled it; any other id is left exactly as it is. */
export function normalId(id: string): string {
  if (normal.test(id) || !guid.test(id)) return id // nearly all come as they should be
  const hex = id.replaceAll('-', '').toLowerCase()
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** GUIDs are compared without case and hyphens, other ids exactly. */
export function sameId(a: string, b: string): boolean {
  return a === b || normalId(a) === normalId(b)
}
