import { isNode, LineCounter, parseDocument } from 'yaml'

/** The line, counted from 1, of a place in a text. */
export const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length

/**
 * The line on which the value at a JSON pointer ('/bots/0/botId') begins, in well-formed JSON; of the nearest thing around it where
 * there is no such value. JSON is YAML, and YAML's parser knows where things stand.
 */
export function lineOf(text: string, pointer: string): number {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter })
  const path = pointer.split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  for (let length = path.length; length > 0; length -= 1) {
    const found = document.getIn(path.slice(1, length), true)
    if (isNode(found) && found.range) return lineCounter.linePos(found.range[0]).line
  }
  return 1
}
