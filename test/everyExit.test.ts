import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import type { BlockKind, Exit } from '#flow/block.ts'
import { kinds } from '#flow/blocks/index.ts'
import { everyExit } from './everyExit.ts'
import type { Scenario } from './paths/acts.ts'
import { fewestCalls, shortestPaths } from './paths/search.ts'
import { openLine, openScenario } from './paths/wholeCall.ts'

/**
 * Every exit of every kind of block is taken in a whole call: by the real bot over the emulator, with signed notifications. A kind that
 * has no flow in everyExit.ts fails here, and so does an exit that none of its calls takes.
 */

let line: Awaited<ReturnType<typeof openLine>>
beforeAll(async () => {
  line = await openLine()
})
afterAll(() => line.close())

/** An exit as the list has it. Of those that authors name, and of those for a key, one stands for all. */
const formOf = ({ name, key, label }: Exit): string =>
  key !== undefined ? 'a key' : label !== undefined ? 'a name' : name

/** Values that settings may have: those that they are limited to, and some of each type; a setting takes what it can of them. */
const values = [true, false, 0, 1, '1', 'entry', null]

/** All exits that a kind can have, found by changing one setting after the other. */
function exitsOf(kind: BlockKind): Set<string> {
  const { properties = {} } = z.toJSONSchema(kind.settings, { io: 'input', unrepresentable: 'any' })
  const settings = Object.entries(properties).flatMap(([name, schema]) =>
    [...values, ...((typeof schema === 'object' && schema.enum) || [])]
      .filter((value) => kind.settings.shape[name]?.safeParse(value).success)
      .map((value) => ({ [name]: value })),
  )
  const faces = [{}, ...settings].map((one) => kind.face({ ...kind.defaults(), ...one }))
  return new Set(faces.flatMap(({ exits }) => exits.map(formOf)))
}

/** What cannot fail: it asks nothing of the telephone or of an expression, or its failure has a way of its own. */
const cannotFail = new Set([
  ...['incomingCall', 'businessHours', 'percentageSplit', 'loop', 'wait', 'answer', 'reject', 'redirect'],
  ...['subFlowStart', 'subFlowEnd', 'hangUp', 'keysAnywhere', 'backToMenu'],
])
/** Nobody hangs up there: no call stands still at them, or it is told no other way than by what becomes of it unanswered. */
const noHangUp = new Set([
  ...['branch', 'businessHours', 'percentageSplit', 'loop', 'setVariable', 'milestone'],
  ...['tableLookUp', 'tableUpdate', 'createCallback'],
  ...['answer', 'reject', 'redirect'],
  ...['callFlow', 'goToFlow', 'subFlowEnd', 'keysAnywhere', 'backToMenu'],
])

/** The exits that calls of this flow take of blocks of this kind, in the form of the list. */
async function takenIn(scenario: Scenario, kind: BlockKind): Promise<string[]> {
  const drawn = [scenario.flow, ...[...(scenario.flows?.values() ?? [])].map(({ flow }) => flow)]
  const blocks = new Map(drawn.flatMap((flow) => Object.entries(flow.blocks)))
  const formAt = (id = '', name = ''): string[] => {
    const { type, settings } = blocks.get(id) ?? {}
    if (type !== kind.type || !settings) return []
    const exit = kind.face(settings).exits.find((one) => one.name === name)
    return [exit ? formOf(exit) : name]
  }
  const open = await openScenario(line, scenario)
  try {
    const taken: string[] = []
    for (const path of fewestCalls(shortestPaths(scenario))) taken.push(...(await open.carryOut(path)).takes)
    return taken.flatMap((one) => {
      const [id, exit] = one.split(' ')
      return formAt(id, exit)
    })
  } finally {
    await open.close()
  }
}

it.each(kinds.map((kind) => [kind.type, kind] as const))('%s', { timeout: 120_000 }, async (type, kind) => {
  const wanted = exitsOf(kind)
  if (!cannotFail.has(type)) wanted.add('error')
  if (!noHangUp.has(type)) wanted.add('hangup')
  const taken = new Set<string>()
  for (const scenario of everyExit[type] ?? []) for (const one of await takenIn(scenario, kind)) taken.add(one)
  expect([...wanted].filter((exit) => !taken.has(exit))).toEqual([])
  expect(taken.size).toBeGreaterThan(0)
})
