import { anywhereSettings, anywhereType } from '../anywhere.ts'
import { BlockIssue, defineBlock, leave } from '../block.ts'
import { uniqueKeys } from '../keypad.ts'
import { growsTo } from '../keyReader.ts'

/**
 * Keys that work wherever callers are: at every block that asks, in a prompt that may be interrupted, and while they wait. Nothing is linked
 * to it; each of its keys is a way out, as those of a menu are. docs/keys.md says what they mean in doubt.
 */
export const keysAnywhere = defineBlock({
  type: anywhereType,
  category: 'ask',
  icon: 'keysAnywhere',
  settings: anywhereSettings,
  entry: true,
  defaults: { options: [{ key: '0', label: '' }] },
  exits: ({ options }) => uniqueKeys(options).map(({ key, label }) => ({ name: key, key, label })),
  hearsKeys: () => true,
  open({ options, where, blocks }) {
    const keys = options.map(({ key }) => key)
    const twice = keys.find((key, n) => keys.indexOf(key) !== n)
    if (twice !== undefined) throw new BlockIssue('options', 'keyTwice', twice)
    if (where === 'only' && blocks.length === 0) throw new BlockIssue('blocks', 'required')
    const slowed = keys.filter((key) => growsTo(keys, key))
    return {
      keys: options,
      ...(slowed.length > 0 && { slowed }),
      step: ({ event }) => (event.type === 'entered' ? leave(event.by ?? 'error') : undefined),
    }
  },
})
