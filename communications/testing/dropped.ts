/** The members of `raw`, by their paths, that are not in what was read of it. Null says nothing, and `@odata.` names types. */
export function dropped(raw: unknown, read: unknown, path = ''): string[] {
  if (raw === null || raw === undefined) return []
  if (read === undefined) return [path]
  if (Array.isArray(raw)) {
    const list = Array.isArray(read) ? read : []
    return raw.flatMap((one, n) => dropped(one, list[n], `${path}[${n}]`))
  }
  if (typeof raw !== 'object') return []
  // A list of one may come without its brackets.
  const entity: object = Array.isArray(read) && read.length === 1 ? read[0] : Object(read)
  const members = new Map(Object.entries(entity).map(([name, value]) => [name.toLowerCase(), value]))
  return Object.entries(raw)
    .filter(([name]) => !name.startsWith('@'))
    .flatMap(([name, value]) => dropped(value, members.get(name.toLowerCase()), `${path}.${name}`))
}
