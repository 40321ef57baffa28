import { atOnce } from '#ground/slices.ts'
import { keysAnywhere, withKeys } from './anywhere.ts'
import type { Exit, Facts, Surroundings } from './block.ts'
import { kindOf } from './blocks/index.ts'
import type { Expression } from './expressionFacts.ts'
import type { Block, Flow } from './flow.ts'
import type { KnownKind } from './kinds.ts'
import type { SettingsIssue } from './settings.ts'
import { nothingShared } from './shared.ts'

/** What a block looks like from outside, also when its settings are not all right yet. */
export type BlockView = {
  kind: KnownKind | undefined
  opened: Facts | null
  issues: readonly SettingsIssue[]
  /** The exits to draw: those of the settings, and the error exit where it is used. */
  exits: readonly Exit[]
  summary: string
}

/**
 * Looks at all blocks of a flow: their kinds, exits and summaries, or what is wrong with their settings. Without `surroundings` whatever
 * stands in an expression is taken for right: who only draws need not load the language of expressions. `which` says at what blocks.
 */
export const viewBlocks = (
  flow: Flow,
  surroundings?: Surroundings,
  which?: (id: string) => boolean,
): ReadonlyMap<string, BlockView> => atOnce(viewingBlocks(flow, surroundings, which))

/** The same, stopping after each block. */
export function* viewingBlocks(
  flow: Flow,
  surroundings: Surroundings = unread(flow),
  which: (id: string) => boolean = () => true,
): Generator<undefined, ReadonlyMap<string, BlockView>> {
  const keysAt = keysAnywhere(flow)
  const views = new Map<string, BlockView>()
  for (const [id, block] of Object.entries(flow.blocks)) {
    if (which(id)) views.set(id, view(block, withKeys(surroundings, keysAt(id))))
    yield
  }
  return views
}

function view(block: Block, surroundings: Surroundings): BlockView {
  const kind = kindOf(block.type)
  if (!kind) {
    const exits = Object.keys(block.exits).map((name) => ({ name }))
    return { kind: undefined, opened: null, issues: [], exits, summary: '' }
  }
  const { exits, summary } = kind.face(block.settings)
  const drawn = block.exits.error === undefined ? exits : [...exits, { name: 'error' }]
  const opened = kind.open(block.settings, surroundings)
  if ('block' in opened) return { kind, opened: opened.block, issues: [], exits: drawn, summary }
  return { kind, opened: null, issues: opened.issues, exits: drawn, summary }
}

const anything: Expression = {
  type: 'dyn',
  reads: [],
  readsOpenly: [],
  cost: 0,
  evaluate: () => {
    throw new Error('This expression was not read, so that it has no value.')
  },
}

const unread = ({ variables, timeZone = 'UTC' }: Flow): Surroundings => ({
  variables,
  timeZone,
  shared: nothingShared,
  parse: () => anything,
})
