/**
 * Patterns that people write for digits. A pattern is checked against a few dozen digits, so what could make the
 * engine try for long is refused when the flow is checked: groups that repeat, references back, more than three parts of
 * changing length, alternatives that are empty, and more than 64 ways to choose among alternatives. Each part of changing
 * length halves these 64, since every way is tried with every length.
 */
export function readPattern(source: string): RegExp | null {
  // A star or a bracket that stands for itself changes no length: \* and [*#] are keys like any other.
  const form = source.replace(/\\.|\[(?:\\.|[^\]])*\]/g, '0')
  if (source.length > 100 || /\\[1-9k]/.test(source) || /\(\?|\)[*+?{]/.test(form)) return null
  const changing = (form.match(/[*+?]|\{\d*,\d*\}/g) ?? []).length
  if (changing > 3 || choices(form) * 2 ** changing > 64) return null
  if (/[(|][|)]/.test(form)) return null
  try {
    return new RegExp(`^(?:${source})$`)
  } catch {
    return null
  }
}

/** In how many ways one alternative can be taken everywhere: those side by side add up, groups in a row multiply. */
function choices(form: string): number {
  const whole = { before: 0, current: 1 }
  // The groups that are open, the innermost last: the ways of the alternatives before, and of the current one.
  const open = [whole]
  for (const character of form) {
    const inner = open.at(-1) ?? whole
    if (character === '(') open.push({ before: 0, current: 1 })
    if (character === '|') {
      inner.before += inner.current
      inner.current = 1
    }
    if (character === ')' && open.length > 1) {
      open.pop()
      const outer = open.at(-1) ?? whole
      outer.current *= inner.before + inner.current
    }
  }
  return whole.before + whole.current
}
