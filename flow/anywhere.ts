import * as z from 'zod'
import { type AnywhereKey, type KeyUse, leave, type Outcome, type Surroundings } from './block.ts'
import type { Flow } from './flow.ts'
import { KeyOptions } from './keypad.ts'

/** The kind whose options work wherever callers are. It is no place in a call: nothing leads to it but its keys. */
export const anywhereType = 'keysAnywhere'

export const anywhereSettings = z.object({
  options: KeyOptions.meta({ control: 'options', section: 'keys' }),
  where: z.enum(['everywhere', 'only', 'except']).default('everywhere').meta({ control: 'choice' }),
  blocks: z
    .array(z.string().max(64))
    .max(500)
    .default([])
    .meta({ control: 'blocks', shownWhen: { where: ['only', 'except'] } }),
})

const none: readonly AnywhereKey[] = []

/**
 * The keys that work at each block of a flow beside its own. Not the one that leads to that very block: who presses it again where it has
 * led would begin it anew, as often as they like. Of two that are the same key, the first.
 */
export function keysAnywhere(flow: Flow): (id: string) => readonly AnywhereKey[] {
  const all = setsIn(flow)
  if (all.length === 0) return () => none
  return (id) => {
    const keys = new Map<string, AnywhereKey>()
    for (const set of all) {
      if (!worksAt(set, id)) continue
      for (const { key, label } of set.options) {
        if (set.exits[key] !== id && !keys.has(key)) keys.set(key, { keys: key, label, block: set.block })
      }
    }
    return [...keys.values()]
  }
}

/** Keys of a block that at some place are those of a block before it, and so do not work there. */
export function keysTwice(flow: Flow): { block: string; key: string; before: string }[] {
  const all = setsIn(flow)
  const ids = Object.keys(flow.blocks)
  return all.flatMap((set, n) =>
    set.options.flatMap(({ key }) => {
      const before = all
        .slice(0, n)
        .find(
          (one) =>
            one.options.some((other) => other.key === key) && ids.some((id) => worksAt(one, id) && worksAt(set, id)),
        )
      return before ? [{ block: set.block, key, before: before.block }] : []
    }),
  )
}

const setsIn = (flow: Flow) =>
  Object.entries(flow.blocks).flatMap(([block, { type, settings, exits }]) => {
    const set = type === anywhereType ? anywhereSettings.safeParse(settings).data : undefined
    return set ? [{ ...set, block, exits, named: new Set(set.blocks) }] : []
  })

const worksAt = ({ where, named }: ReturnType<typeof setsIn>[number], id: string): boolean =>
  where === 'everywhere' || named.has(id) === (where === 'only')

/** What a block may ask of its flow, with the keys that work at it. */
export const withKeys = (surroundings: Surroundings, anywhere: readonly AnywhereKey[]): Surroundings =>
  anywhere.length === 0 ? surroundings : { ...surroundings, anywhere }

/** How a block tells of such keys. */
export const usesOf = (keys: readonly AnywhereKey[]): KeyUse[] =>
  keys.map(({ keys: key, label, block }) => ({ key, label, anywhere: block }))

/** Leaves a block to where such a key leads. */
export const goAnywhere = ({ keys, block }: AnywhereKey, outcome: Outcome<never>): Outcome<never> =>
  leave('anywhere', { ...outcome, goes: { to: block, by: keys } })

/** Those that can be pressed where each counts at once: one that begins with another of them never comes to its end. */
export const takenAtOnce = (keys: readonly AnywhereKey[]): readonly AnywhereKey[] =>
  keys.filter((one) => !keys.some((other) => other !== one && one.keys.startsWith(other.keys)))

/**
 * Where nothing is asked, keys are the caller's word to whoever asks next. Only one of these, pressed while nothing else is waiting to be
 * read, leads away. Null: the keys are not the beginning of any.
 */
export function pressedAnywhere(anywhere: readonly AnywhereKey[], typed: string): AnywhereKey | 'begun' | null {
  const pressed = anywhere.find(({ keys }) => typed.startsWith(keys))
  return pressed ?? (anywhere.some(({ keys }) => keys.startsWith(typed)) ? 'begun' : null)
}
