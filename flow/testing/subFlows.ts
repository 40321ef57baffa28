import { surroundingsOf } from '../compile.ts'
import { faceOf } from '../face.ts'
import type { Block, Flow } from '../flow.ts'
import { sensitiveVariables } from '../sensitive.ts'
import { nothingShared, type Shared } from '../shared.ts'
import { type FlowFaces, type FlowLibrary, linkOf } from '../subFlows.ts'
import type { Value } from '../values.ts'
import { viewBlocks } from '../view.ts'
import { block, draw } from './draw.ts'

/** Ids of flows that call each other. */
export const flowIds = {
  main: 'a0000000-0000-4000-8000-000000000001',
  child: 'a0000000-0000-4000-8000-000000000002',
  other: 'a0000000-0000-4000-8000-000000000003',
} as const

/** A sub-flow that begins with these blocks, the first one first. */
export function drawSub(
  blocks: Record<string, Block>,
  { parameters = [], ...rest }: Partial<Omit<Flow, 'blocks'>> & { parameters?: readonly Value[] } = {},
): Flow {
  const flow = draw(blocks, rest)
  const exits = flow.blocks.incoming?.exits ?? {}
  return { ...flow, blocks: { ...flow.blocks, incoming: block('subFlowStart', { parameters }, exits) } }
}

export const giveBack = (exit: string, ...gives: string[]): Block => block('subFlowEnd', { exit, gives })

type Call = {
  version?: number | null
  exits?: string[]
  parameters?: Record<string, string>
  results?: Record<string, string>
}

/** Calls a flow of `flowIds`; its exits are those that it has links for, if none are named. */
export const callTo = (id: string, links: Record<string, string>, more: Call = {}): Block => {
  const { version = null, exits = Object.keys(links).filter((name) => name !== 'error') } = more
  const { parameters = {}, results = {} } = more
  return block(
    'callFlow',
    {
      flow: { id, name: 'Sub', version, exits },
      parameters: Object.entries(parameters).map(([name, value]) => ({ name, value })),
      results: Object.entries(results).map(([name, variable]) => ({ name, variable })),
    },
    links,
  )
}

export const goTo = (id: string, version: number | null = null): Block =>
  block('goToFlow', { flow: { id, name: 'Other', version } })

type Published = Record<string, readonly Flow[]>

const versionsOf = (published: Published) =>
  Object.entries(published).flatMap(([id, flows]) =>
    flows.map((flow, n) => ({ id, flow, version: n + 1, isLast: n === flows.length - 1 })),
  )

/** All versions of these flows, the first of each being version 1. */
export const libraryOf = (published: Published): FlowLibrary =>
  new Map(
    versionsOf(published).flatMap(({ id, flow, version, isLast }) => {
      const one = { key: linkOf({ id, version }), flow }
      return [[one.key, one] as const, ...(isLast ? [[linkOf({ id, version: null }), one] as const] : [])]
    }),
  )

/** What is known of them where flows are drawn and checked. */
export const sharing = (published: Published): Shared => {
  const faces: Record<string, FlowFaces[string]> = {}
  const shared = { ...nothingShared, flows: faces }
  for (const { id, flow, version, isLast } of versionsOf(published)) {
    const views = viewBlocks(flow, surroundingsOf(flow, shared))
    const face = { ...faceOf(flow, views, sensitiveVariables(flow, views.values())), id, name: flow.name, version }
    faces[linkOf({ id, version })] = face
    if (isLast) faces[linkOf({ id, version: null })] = face
  }
  return shared
}
