import * as z from 'zod'
import type { BlockView } from '#flow/check.ts'
import type { Block } from '#flow/flow.ts'
import { phoneMessages } from '../messages/phone.ts'
import { settingsOf } from './settings.ts'

export const keypad = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const

const { done, clear, interrupt } = phoneMessages.meanings

const KeySettings = z.object({
  terminators: z.string().catch(''),
  clearKey: z.string().catch(''),
  bargeIn: z.string().catch(''),
  keys: z.string().catch(''),
})

/** The keys that mean something to a block, with what they mean there; a digit that is only typed has no words. */
export function keysThatCount(block: Block, view: BlockView): ReadonlyMap<string, string> {
  const named = view.exits.flatMap(({ key, label }) => (key === undefined ? [] : [[key, label ?? ''] as const]))
  if (named.length > 0) return new Map(named)
  const { terminators, clearKey, bargeIn, keys } = KeySettings.parse(settingsOf(block))
  if (view.kind?.asks) {
    const typed = keypad.filter((key) => /\d/.test(key)).map((key) => [key, ''] as const)
    const ends = [...terminators].map((key) => [key, done] as const)
    return new Map([...typed, ...ends, ...(clearKey === '' ? [] : [[clearKey, clear] as const])])
  }
  const interrupting = bargeIn === 'anyKey' ? keypad : bargeIn === 'keys' ? [...keys] : []
  return new Map(interrupting.map((key) => [key, keys === '' || bargeIn === 'anyKey' ? '' : interrupt]))
}
