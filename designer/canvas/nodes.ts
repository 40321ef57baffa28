import { type Edge, type Node, Position } from '@xyflow/react'
import type { Category, Exit } from '#flow/block.ts'
import type { Block, Flow } from '#flow/flow.ts'
import { flowMessages } from '#flow/messages/index.ts'
import type { BlockView } from '#flow/view.ts'
import type { Drawing } from '../drawing.ts'
import { designerMessages } from '../messages/designer.ts'
import { type Counts, countBySeverity, type Finding } from '../problems/finding.ts'
import { same } from '../same.ts'
import { heightOf, measures, type PortSide, rowsOf, sideOf } from './geometry.ts'
import { type Link, linkId } from './links.ts'
import { blockName, exitName, kindName, linkName, portName, spokenBlock, unlinkedName } from './names.ts'
import type { Trace, Visit } from './trace.ts'

const { canvas: words } = designerMessages

/** One way out of a block as it is drawn. */
export type Port = {
  exit: string
  key?: string
  label: string
  /** `line` and `word` are linked; `open` must be linked; `free` may be. */
  state: 'line' | 'word' | 'open' | 'free'
  to?: { id: string; name: string; ahead: boolean }
  /** Where it leads without a link. */
  unlinked?: string
  taken: boolean
  /** How the port is called, and how its link is spoken. */
  name: string
  spoken: string
}

/** All that a block on the canvas shows: plain data, so that what did not change is not drawn again. */
export type BlockData = {
  category: Category | null
  icon: string
  kind: string
  name: string
  summary: string
  hasNote: boolean
  side: PortSide
  ports: Port[]
  /** What is wrong; `todo` while the block is new and was not left yet. */
  counts: Counts
  visit: Visit | null
  wait: number | null
  canEdit: boolean
  renaming: boolean
  spoken: string
}

export type BlockNodeType = Node<BlockData, 'block'>
export type LinkEdgeType = Edge<Pick<Link, 'side' | 'port' | 'lane'> & { look: 'plain' | 'path' | 'selected' }, 'link'>

export type Shown = {
  drawing: Drawing
  problems: readonly Finding[]
  selected: readonly string[]
  trace: Trace | null
  canEdit: boolean
  renaming: string | null
}

/** The blocks as nodes. A node that would be the same as before is the one from before, so that it is not drawn again. */
export function nodesOf(shown: Shown, before: readonly BlockNodeType[]): BlockNodeType[] {
  const { drawing, problems, selected, trace, canEdit, renaming } = shown
  const { flow, views, links } = drawing
  const earlier = new Map(before.map((node) => [node.id, node]))
  const lines = new Set(links.filter(({ lane }) => lane !== null).map((link) => link.id))
  const chosen = new Set(selected)
  const visits = new Map(trace?.visits.map((visit) => [visit.block, visit]))
  const counts = countProblems(problems)
  // In the order of a call, which is how they are read out.
  return drawing.order.flatMap((id) => {
    const block = flow.blocks[id]
    if (!block) return []
    const [view, visit, found] = [views.get(id), visits.get(id) ?? null, counts.get(id) ?? nothing]
    const wait = visit?.state === 'now' ? (trace?.wait?.fraction ?? null) : null
    const targets = Object.values(block.exits).map((to) => flow.blocks[to])
    const { errors, warnings, todo } = found
    const sources = [block, view, links, visit, wait, canEdit, renaming === id, errors, warnings, todo, ...targets]
    const old = earlier.get(id)
    const data =
      old && isMadeOf(old.data, sources)
        ? old.data
        : dataOf({ id, block, view, flow, lines, visit, wait, canEdit, renaming: renaming === id, counts: found })
    const placed = { id, position: block.position, selected: chosen.has(id), data, exits: view?.exits ?? [], canEdit }
    const node = sameOrNew(old, placed)
    madeOf.set(node.data, sources)
    return [node]
  })
}

/** What the data of a block were made of: while that stays the same objects, they need not be made anew. */
const madeOf = new WeakMap<BlockData, readonly unknown[]>()
function isMadeOf(data: BlockData, sources: readonly unknown[]): boolean {
  const before = madeOf.get(data)
  return before?.length === sources.length && sources.every((source, n) => source === before[n])
}

type Parts = Pick<BlockData, 'visit' | 'wait' | 'canEdit' | 'renaming' | 'counts'> & {
  id: string
  block: Block
  view: BlockView | undefined
  flow: Flow
  /** The links that are drawn as lines. */
  lines: ReadonlySet<string>
}

function dataOf({ id, block, view, flow, lines, ...shown }: Parts): BlockData {
  const { visit, counts } = shown
  const exits = view?.exits ?? []
  const alone = rowsOf(exits).length === 0
  const [name, kind] = [blockName(block), kindName(view?.kind)]
  return {
    ...shown,
    category: view?.kind?.category ?? null,
    icon: view?.kind?.icon ?? 'info',
    kind,
    name,
    summary: summaryOf(view, counts),
    hasNote: block.note !== undefined,
    side: sideOf(exits),
    ports: exits.map((exit) => {
      const [line, taken] = [lines.has(linkId(id, exit.name)), visit?.exit === exit.name]
      return portOf(flow, block, exit, { line, taken, alone })
    }),
    spoken: spokenBlock({ kind, name, exits: exits.length, counts, visit: visit?.number }),
  }
}

/** One line: what callers hear or what is tested; in its place that nothing is said yet. */
function summaryOf(view: BlockView | undefined, { todo }: Counts): string {
  if (!view?.kind) return flowMessages.unknownBlock.describe
  const isSilent = view.summary === '' && view.issues.some(({ field }) => field.startsWith('prompt'))
  return !isSilent ? view.summary : todo > 0 ? words.whatIsHeard : words.nothingSaid
}

/**
 * Links are tied to the corners of blocks, and reach their ports by geometry.ts: so ports can come and go with the zoom
 * without being measured.
 */
export const anchor = { out: 'out', in: 'in' } as const
const anchors = [
  { id: anchor.out, type: 'source' as const },
  { id: anchor.in, type: 'target' as const },
].map((end) => ({ ...end, position: Position.Left, x: 0, y: 0, width: 0, height: 0 }))

function sameOrNew(
  before: BlockNodeType | undefined,
  now: Pick<BlockNodeType, 'id' | 'position' | 'data'> & {
    selected: boolean
    exits: readonly Exit[]
    canEdit: boolean
  },
): BlockNodeType {
  const { id, position, selected, exits, canEdit } = now
  const data = before && same(before.data, now.data) ? before.data : now.data
  const samePlace = before?.position.x === position.x && before.position.y === position.y
  if (before && data === before.data && samePlace && before.selected === selected) return before
  const height = heightOf(exits)
  return {
    ...(before ?? {}),
    id,
    type: 'block',
    position,
    data,
    selected,
    draggable: canEdit,
    width: measures.width,
    height,
    measured: { width: measures.width, height },
    handles: anchors,
  }
}

type Drawn = { line: boolean; taken: boolean; alone: boolean }

function portOf(flow: Flow, block: Block, exit: Exit, { line, taken, alone }: Drawn): Port {
  const to = block.exits[exit.name]
  const target = to === undefined ? undefined : flow.blocks[to]
  const name = portName(blockName(block), exit, alone)
  const unlinked = to === undefined ? unlinkedName(exit, flow) : undefined
  return {
    exit: exit.name,
    ...(exit.key === undefined ? {} : { key: exit.key }),
    label: exitName(exit),
    state: target
      ? line
        ? 'line'
        : 'word'
      : unlinked !== undefined || (exit.fallback !== undefined && to === undefined)
        ? 'free'
        : 'open',
    ...(to !== undefined && target
      ? { to: { id: to, name: blockName(target), ahead: target.position.x > block.position.x } }
      : {}),
    ...(unlinked === undefined ? {} : { unlinked }),
    taken,
    name,
    spoken: linkName(name, target ? blockName(target) : unlinked),
  }
}

const nothing: Counts = { errors: 0, warnings: 0, todo: 0 }

/** What is wrong with each block that something is wrong with. */
function countProblems(problems: readonly Finding[]): Map<string, Counts> {
  const found = new Map<string, Finding[]>()
  for (const problem of problems) {
    if (problem.block === null) continue
    const others = found.get(problem.block)
    if (others) others.push(problem)
    else found.set(problem.block, [problem])
  }
  return new Map([...found].map(([id, one]) => [id, countBySeverity(one)]))
}

/** The links that are drawn as lines; `peek` is the one of words that the pointer asks for. */
export function edgesOf(
  links: readonly Link[],
  trace: Trace | null,
  { peek, open }: { peek: string | null; open: string | null },
  before: readonly LinkEdgeType[],
): LinkEdgeType[] {
  const earlier = new Map(before.map((edge) => [edge.id, edge]))
  const path = new Set(trace?.visits.flatMap(({ block, exit }) => (exit === undefined ? [] : [linkId(block, exit)])))
  return links
    .filter(({ id, lane }) => lane !== null || id === peek)
    .map(({ id, block, to, side, port, lane }) => {
      const look = path.has(id) ? 'path' : id === open ? 'selected' : 'plain'
      const data = { side, port, lane, look } as const
      const old = earlier.get(id)
      if (old && old.target === to && same(old.data, data)) return old
      return {
        id,
        type: 'link',
        source: block,
        sourceHandle: anchor.out,
        target: to,
        targetHandle: anchor.in,
        data,
        // The ports say where they lead, by name; React Flow's own words for a line are two ids.
        domAttributes: { 'aria-hidden': true },
        zIndex: look === 'plain' ? 0 : 1,
      }
    })
}
