/**
 * Patterns that people write for digits. A pattern is checked against a few dozen digits, so what could make the
 * engine try for long is refused when the flow is checked: groups that repeat, references back, and more than three
 * parts of changing length.
 */
export function readPattern(source: string): RegExp | null {
  // A star or a bracket that stands for itself changes no length: \* and [*#] are keys like any other.
  const form = source.replace(/\\.|\[(?:\\.|[^\]])*\]/g, '0')
  if (source.length > 100 || /\\[1-9k]/.test(source) || /\(\?|\)[*+?{]/.test(form)) return null
  if ((form.match(/[*+?]|\{\d*,\d*\}/g) ?? []).length > 3) return null
  try {
    return new RegExp(`^(?:${source})$`)
  } catch {
    return null
  }
}
