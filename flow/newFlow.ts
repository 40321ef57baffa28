import { kindOf } from './blocks/index.ts'
import { type Block, type Flow, readFlow, schemaVersion } from './flow.ts'

/** How far the columns of a drawing are from each other, in pixels at 100 %. */
const columnPixels = 320

/** A flow of our own making. It begins at its block `incoming`. */
export const newFlow = (name: string, blocks: Flow['blocks'], variables: Flow['variables'] = {}): Flow =>
  readFlow({
    schemaVersion,
    name,
    language: 'en-US',
    start: 'incoming',
    onHangUp: null,
    onError: null,
    apology: 'Sorry, something went wrong on our side. Please call again in a few minutes.',
    variables,
    blocks,
  })

/** A block with the settings of a new one, but for these. */
export const newBlock = (
  type: string,
  name: string,
  settings: Block['settings'],
  exits: Block['exits'],
  [column, y]: readonly [column: number, y: number],
): Block => ({
  type,
  name,
  settings: { ...kindOf(type)?.defaults(), ...settings },
  exits,
  position: { x: column * columnPixels, y },
})
