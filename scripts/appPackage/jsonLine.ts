const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

/** The line, counted from 1, of a place in a text. */
export const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length

/**
 * The line on which the value at a JSON pointer ('/bots/0/botId') begins, in well-formed JSON; of the nearest thing around it where
 * there is no such value.
 */
export function lineOf(text: string, pointer: string): number {
  const around: { pointer: string; key: string | number }[] = []
  let nearest = { length: -1, line: 1 }
  let previous = ''

  const here = () => {
    const inner = around.at(-1)
    return inner ? `${inner.pointer}/${String(inner.key).replaceAll('~', '~0').replaceAll('/', '~1')}` : ''
  }
  const meet = (index: number) => {
    const found = here()
    if (!`${pointer}/`.startsWith(`${found}/`) || found.length <= nearest.length) return
    nearest = { length: found.length, line: lineAt(text, index) }
  }

  for (const { 0: token, index } of text.matchAll(tokens)) {
    const inner = around.at(-1)
    if (token === '{' || token === '[') {
      meet(index)
      around.push({ pointer: here(), key: token === '[' ? 0 : '' })
    } else if (token === '}' || token === ']') {
      around.pop()
    } else if (token === ',') {
      if (typeof inner?.key === 'number') inner.key += 1
    } else if (token !== ':') {
      const isKey = typeof inner?.key === 'string' && previous !== ':'
      if (isKey) inner.key = String(JSON.parse(token))
      else meet(index)
    }
    previous = token
  }
  return nearest.line
}
