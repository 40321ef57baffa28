/** Which keys a prompt tells callers to press. English only: what no rule knows is no key, since a false alarm is worse than none. */

const names: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'zero one two three four five six seven eight nine'.split(' ').map((name, n) => [name, `${n}`]),
  ),
  star: '*',
  asterisk: '*',
  '*': '*',
  hash: '#',
  pound: '#',
  '#': '#',
}

const key = String.raw`(?:the\s+)?(?:keys?\s+|number\s+)?(\d+|[*#]|(?:zero|one|two|three|four|five|six|seven|eight|nine|star|asterisk|hash|pound)\b)(?:\s+key)?`
/** "press 1", "dial 1, 2 or 3", "hit the star key". */
const asked = new RegExp(
  String.raw`\b(?:press|dial|push|hit|key|pressing|dialling|dialing)\s+${key}((?:\s*,\s*(?:or\s+|and\s+)?${key}|\s+(?:or|and)\s+${key})*)`,
  'gi',
)
const oneKey = new RegExp(key, 'gi')
/** What a number counts, and what makes it a longer one: "press for 3 seconds", "press 3 times", "dial 555-0100". */
const noKey = /^(?:[-.]?\d|\s+\d|\s+of\b|\s*(?:seconds?|secs?|minutes?|times?|digits?|numbers?|or\s+more)\b)/i

/** How each key may be said. */
const waysToSay = (key: string): string =>
  Object.entries(names)
    .flatMap(([name, said]) => (said === key ? [name.replace(/\W/, '\\$&')] : []))
    .concat(key.replace(/\W/, '\\$&'))
    .join('|')

/** "3 star", "3, then the star key", "3*". */
const inARow = (keys: string): RegExp =>
  new RegExp(
    String.raw`(\b(?:press|dial|push|hit|key)\s+(?:the\s+)?)(?:${[...keys].map(waysToSay).join(String.raw`)(?:\s*,?\s*(?:and\s+)?then\s+(?:the\s+)?|\s+|)(?:`)})(?![\w*#])`,
    'gi',
  )

/** The keys, each once, in the order in which they are said. Several digits are a number, unless they are one of `options`. */
export function keysSaid(words: string, options: readonly string[] = []): string[] {
  const found: string[] = []
  let text = words
  for (const keys of options.filter((one) => one.length > 1 && /[*#]/.test(one))) {
    const rest = text.replace(inARow(keys), '$1…')
    if (rest !== text) found.push(keys)
    text = rest
  }
  for (const { 0: whole, index } of text.matchAll(asked)) {
    if (noKey.test(text.slice(index + whole.length))) continue
    const said = whole.replace(/^\w+\s+/, '')
    for (const [, name = ''] of said.matchAll(oneKey)) {
      const pressed = /^\d$/.test(name) || options.includes(name) ? name : names[name.toLowerCase()]
      if (pressed !== undefined) found.push(pressed)
    }
  }
  return [...new Set(found)]
}
