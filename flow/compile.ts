import { atOnce } from '#ground/slices.ts'
import { answerId, apologyId, hangUpId } from './addedBlocks.ts'
import { keysAnywhere, withKeys } from './anywhere.ts'
import type { BlockKind, Opened, Surroundings } from './block.ts'
import { answer } from './blocks/answer.ts'
import { backToMenu } from './blocks/backToMenu.ts'
import { hangUp } from './blocks/hangUp.ts'
import { kindOf } from './blocks/index.ts'
import { menu } from './blocks/menu.ts'
import { play } from './blocks/play.ts'
import { expressions } from './expression.ts'
import type { Flow } from './flow.ts'
import { emptyPayload, payloadOf } from './payload.ts'
import { sensitiveVariables, toldVariables } from './sensitive.ts'
import { nothingShared, type Shared } from './shared.ts'
import { type FlowFace, type FlowLibrary, noLibrary, parametersOf } from './subFlows.ts'
import { emptyValue, type Value, type Variables } from './values.ts'

/** One block made ready to run: settings read, expressions parsed, every exit led to where it goes. */
export type Node = {
  readonly id: string
  readonly kind: BlockKind
  readonly block: Opened
  /** From each exit that leads somewhere to the id of the node there. */
  readonly exits: ReadonlyMap<string, string>
}

/** A flow made ready to run, once for all its calls. Nothing in it changes. */
export type Program = {
  readonly start: string
  readonly nodes: ReadonlyMap<string, Node>
  readonly onHangUp: string | null
  /** Where failures lead that no block handles: the flow's own handler, or the apology. */
  readonly onError: string
  /** It has a handler of its own. */
  readonly handlesFailures: boolean
  readonly variables: Variables
  /** What prompts are spoken in. */
  readonly language: string
  /** Here, or in a flow that a call may enter from here. */
  readonly hearsKeys: boolean
  /** The menus that callers can be led back to; null where nothing does that. */
  readonly menus: ReadonlySet<string> | null
  /** Of a sub-flow; null for one that answers calls. */
  readonly parameters: FlowFace['parameters']
  /** Variables that may hold something sensitive, and those that may not, as they are told or said: what other flows hand over is held to it. */
  readonly sensitive: ReadonlySet<string>
  readonly told: ReadonlySet<string>
  /** What `trigger.data` holds of a call that brings nothing. */
  readonly payload: Variables
  /** The link of this very version among the flows of another; null for one that was not handed in as such. */
  readonly key: string | null
  /** The flows that a call may enter from here, and from these in turn, by link. */
  readonly flows: ReadonlyMap<string, Program>
  readonly maxSteps: number
  /** Every text that a call may hear and that is known now, so that it can be spoken and kept before any call. */
  readonly prompts: readonly string[]
}

export type ProgramOptions = {
  /** Blocks that one call may enter before it is taken for a circle. Twilio Studio stops at 1,000 too. */
  maxSteps?: number
  shared?: Shared
  /** What it may enter. What is not among them cannot be entered: its block takes the error exit. */
  flows?: FlowLibrary
}

export const defaultMaxSteps = 1000

/** What the blocks of a flow may ask of it; made once for all of them. */
export const surroundingsOf = (
  { variables, language, timeZone = 'UTC' }: Flow,
  shared: Shared = nothingShared,
): Surroundings => ({
  variables,
  language,
  timeZone,
  shared,
  parse: expressions(variables).parse,
})

/**
 * Makes a flow ready to run. Blocks that cannot run (unknown, or with wrong settings) are left out: a call that comes
 * to one takes the failure path. `check` is where such things are reported; a draft with faults can still be tried.
 */
export const compile = (flow: Flow, options: ProgramOptions = {}): Program => atOnce(compiling(flow, options))

/**
 * The same, stopping after each block: a thousand of them take a tenth of a second or, the first time, three, and whoever has callers
 * waiting lets them go first. One block takes some milliseconds at most, however it was made.
 */
export function* compiling(
  flow: Flow,
  { maxSteps = defaultMaxSteps, shared, flows = noLibrary }: ProgramOptions = {},
): Generator<undefined, Program> {
  const entered = yield* compilingAll(flows, { maxSteps, shared })
  const surroundings = surroundingsOf(flow, shared)
  const keysAt = keysAnywhere(flow)
  const nodes = new Map<string, Node>()
  let hearsKeys = [...entered.values()].some((program) => program.hearsKeys)

  function add(id: string, kind: BlockKind, settings: Record<string, Value>, links: Record<string, string>) {
    const opened = kind.open(settings, withKeys(surroundings, keysAt(id)))
    if (!('block' in opened)) return
    const exits = new Map(Object.entries(links))
    for (const { name, fallback } of opened.block.exits) {
      const instead = fallback === undefined ? undefined : links[fallback]
      if (!exits.has(name) && instead !== undefined) exits.set(name, instead)
    }
    hearsKeys ||= opened.block.hearsKeys
    nodes.set(id, { id, kind, block: opened.block, exits })
  }

  for (const [id, { type, settings, exits }] of Object.entries(flow.blocks)) {
    const kind = kindOf(type)
    if (kind) add(id, kind, settings, exits)
    yield
  }
  const apology = flow.apology.trim()
  add(hangUpId, hangUp, {}, {})
  // It has no values: nothing may go wrong with what is said when something went wrong.
  if (apology !== '') add(apologyId, play, { prompts: [apology.replaceAll('${', () => '$${')] }, { done: hangUpId })

  const onError =
    flow.onError !== null && nodes.has(flow.onError) ? flow.onError : apology === '' ? hangUpId : apologyId
  add(answerId, answer, {}, { next: onError })

  const all = [...nodes.values()]
  const blocks = all.map(({ block }) => ({ opened: block }))
  return {
    start: flow.start,
    nodes,
    onHangUp: flow.onHangUp,
    onError,
    handlesFailures: onError === flow.onError,
    variables: Object.fromEntries(
      Object.entries(flow.variables).map(([name, { type, initial }]) => [name, initial ?? emptyValue[type]]),
    ),
    language: flow.language,
    hearsKeys,
    menus: menusToGoBackTo(flow),
    parameters: parametersOf(flow),
    sensitive: sensitiveVariables(flow, blocks),
    told: toldVariables(blocks),
    payload: emptyPayload(payloadOf(flow)),
    key: null,
    flows: entered,
    maxSteps,
    prompts: [...new Set(all.flatMap(({ block }) => block.constants))],
  }
}

function menusToGoBackTo({ blocks }: Flow): ReadonlySet<string> | null {
  const all = Object.entries(blocks)
  if (all.every(([, { type }]) => type !== backToMenu.type)) return null
  return new Set(all.flatMap(([id, { type }]) => (type === menu.type ? [id] : [])))
}

/** Each version once, however many links lead to it. */
function* compilingAll(
  library: FlowLibrary,
  options: Omit<ProgramOptions, 'flows'>,
): Generator<undefined, ReadonlyMap<string, Program>> {
  const programs = new Map<string, Program>()
  for (const [link, { key, flow }] of library) {
    const program = programs.get(key) ?? { ...(yield* compiling(flow, options)), key }
    programs.set(key, program).set(link, program)
  }
  return programs
}

/** The flow that a call stands in: the one that answered it, or one that was entered from there. */
export const programAt = <P extends { readonly flows: ReadonlyMap<string, P> }>(
  program: P,
  { flow }: { readonly flow: string | null },
): P => (flow === null ? program : (program.flows.get(flow) ?? program))
