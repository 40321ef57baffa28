import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check } from '#flow/check.ts'
import { readFlow } from '#flow/flow.ts'
import type { Store } from '#store/database.ts'
import type { Scenario } from './paths/acts.ts'
import { drawnExits, fewestCalls, shortestPaths } from './paths/search.ts'
import { openLine, openScenario, type Shown } from './paths/wholeCall.ts'
import { specStore } from './store.ts'
import { trees } from './trees/index.ts'
import type { Node, Tree } from './trees/tree.ts'

/**
 * Eight phone trees that people really have, published and dialled on every way through them (trees/README.md). A node counts when a call
 * has gone through it and its caller has heard what the node says.
 */
const spec = specStore()
let line: Awaited<ReturnType<typeof openLine>>
beforeAll(async () => {
  line = await openLine()
})
afterAll(() => line.close())

/** What a call takes seconds for, on a machine with much else to do. */
const patienceMs = 300_000

/** As an administrator has them: hours and tables beside the flow, and the flow published. Gives back what callers get. */
async function published({ calendars, tables, flows, versions }: Store, tree: Tree): Promise<Scenario> {
  const tenantId = randomUUID()
  const by = 'ada'
  let document = JSON.stringify({ flow: tree.flow, worlds: tree.worlds })
  for (const [id, calendar] of Object.entries(tree.shared?.calendars ?? {})) {
    document = document.replaceAll(id, await calendars.create(tenantId, { calendar, by }))
  }
  for (const [id, table] of Object.entries(tree.shared?.tables ?? {})) {
    document = document.replaceAll(id, await tables.create(tenantId, { table, rows: [], by }))
  }
  const { flow, worlds } = JSON.parse(document)
  const draft = readFlow(flow)
  const { shared } = await calendars.shared(tenantId)
  expect(check(draft, { shared, names: { secret: { cards: ['service.example'] }, value: {} } })).toEqual([])
  const { id, revision } = await flows.create(tenantId, { flow: draft, by })
  const version = await versions.publish(tenantId, id, { revision, note: '', by })
  return { ...tree, flow: (await versions.get(tenantId, version.id)).flow, shared, worlds }
}

const isShown = (node: Node, calls: readonly Shown[]): boolean =>
  'takes' in node &&
  calls.some(({ takes, heard }) => node.takes.every((one) => takes.has(one)) && heard.includes(node.heard))

const shown = new Map<string, readonly Node[]>()

describe.each(Object.entries(trees))('%s', (name, tree) => {
  it('is published without a problem, and every way through it is as its callers would have it', {
    timeout: patienceMs,
  }, async () => {
    const scenario = await published(spec.store, tree)
    const paths = shortestPaths(
      scenario,
      tree.nodes.flatMap((node) => ('takes' in node ? [node.takes] : [])),
    )
    const open = await openScenario(line, scenario)
    const calls: Shown[] = []
    for (const path of fewestCalls(paths)) calls.push(await open.carryOut(path))
    const troubles = open.troubles()
    await open.close()
    const taken = new Set(calls.flatMap(({ takes }) => [...takes]))
    expect(drawnExits(scenario).filter((exit) => !taken.has(exit))).toEqual([])
    shown.set(
      name,
      tree.nodes.filter((node) => isShown(node, calls)),
    )
    const said = tree.nodes.filter((node) => 'takes' in node)
    expect([shown.get(name), troubles]).toEqual([said, []])
  })
})

describe('of the 159 nodes', () => {
  const all = Object.values(trees).flatMap(({ nodes }) => nodes)

  it('140 are met as they should be, and what is left waits for what no block of today does', () => {
    const left: Record<string, number> = {}
    for (const node of all) if ('later' in node) left[node.later] = (left[node.later] ?? 0) + 1
    expect([[...shown.values()].flat().length, all.length]).toEqual([140, 159])
    expect(left).toEqual({
      'speech input': 13,
      'a German voice': 2,
      'dial by name': 2,
      'outbound calls and messages': 2,
    })
  })

  const cases = new URL('../../shared/cases/trees/nodes.json', import.meta.url)
  it.runIf(existsSync(cases))('they are those of the collection of cases', () => {
    const counted: Record<string, { meets: string }[]> = JSON.parse(readFileSync(cases, 'utf8')) // as its README says
    for (const [name, { nodes }] of Object.entries(trees)) {
      expect(nodes.map(({ meets }) => meets)).toEqual(counted[name]?.map(({ meets }) => meets))
    }
  })
})
