import { atOnce } from '#ground/slices.ts'
import { keysTwice } from './anywhere.ts'
import { budgetLimits, maxRounds } from './budget.ts'
import { surroundingsOf } from './compile.ts'
import { canAssign } from './expressionFacts.ts'
import { asksCaller, endlessFlows, exitsOf } from './face.ts'
import type { Block, Flow } from './flow.ts'
import { keysSaid } from './keysSaid.ts'
import { isEntry } from './kinds.ts'
import { lineProblems } from './lines.ts'
import { type KnownNames, whyKept } from './named.ts'
import { builtInVoices } from './prompt.ts'
import { sensitiveVariables } from './sensitive.ts'
import type { Shared } from './shared.ts'
import { silencesOf } from './silence.ts'
import { mostExits } from './subFlows.ts'
import { tellsOfRecording } from './tellsOfRecording.ts'
import { certainOf } from './text.ts'
import { fitsType } from './values.ts'
import { type BlockView, viewingBlocks } from './view.ts'

export type ProblemCode =
  | 'startMissing'
  | 'handlerMissing'
  | 'unknownType'
  | 'setting'
  | 'exitOpen'
  | 'linkBroken'
  | 'linkUnknown'
  | 'unreachable'
  | 'endlessLoop'
  | 'endlessFlows'
  | 'answersAsSubFlow'
  | 'endsNoSubFlow'
  | 'tooManyExits'
  | 'tooMuch'
  | 'mayBeTooMuch'
  | 'nothingSaid'
  | 'noVoice'
  | 'keyNotThere'
  | 'keyNotSaid'
  | 'slowKeys'
  | 'anywhereTwice'
  | 'silence'
  | 'notToldOfRecording'
  | 'speaksAfterHangUp'
  | 'notAnswered'
  | 'alreadyAnswered'
  | 'notThroughAccount'
  | 'neverSet'
  | 'wrongInitial'
  | 'wrongType'
  | 'setElsewhere'
  | 'unknownVariable'
  | 'sensitiveSaid'
  | 'unresolvedName'
  | 'secretHost'
  | 'secretOpen'
  | 'sensitiveTold'

/** One thing that is wrong. Errors stop publishing, warnings do not. The words for it stand in the message files. */
export type Problem = {
  code: ProblemCode
  severity: 'error' | 'warning'
  /** The block that it is shown at; null: the flow itself. */
  block: string | null
  exit?: string
  /** The setting that it is about, as a path: `prompt`, `options.0.key`. */
  field?: string
  /** What exactly: the code of the setting's fault, a variable's name, … */
  detail?: string
  /** More words for the sentence, for example CEL's own reason. */
  reason?: string
}

/** What is known where a flow is checked. */
export type Known = {
  shared?: Shared
  views?: ReadonlyMap<string, BlockView>
  voices?: readonly string[]
  names?: KnownNames | undefined
  answers?: readonly (string | null)[]
  id?: string
}

/**
 * Everything that is wrong with a flow, in the order in which a caller would meet it. Never throws. `shared` is what flows share;
 * `views` are those of its blocks, for whoever has them already; `voices` the languages that prompts can be spoken in here, as BCP 47;
 * `names` what is there of secrets and values that flows name, where that is known; `answers` what the flow answers, where that is known:
 * accounts, numbers, and null or 'default' for whatever nothing else answers; `id` by what other flows know this one.
 */
export const check = (flow: Flow, known?: Known): Problem[] => atOnce(checking(flow, known))

/** The same, stopping after each block: a flow at its limit takes seconds, and whoever has others waiting lets them go first. */
export function* checking(flow: Flow, known: Known = {}): Generator<undefined, Problem[]> {
  const { shared, voices = builtInVoices, names, answers = [], id: own = '' } = known
  const views = known.views ?? (yield* viewingBlocks(flow, surroundingsOf(flow, shared)))
  const reached = reachableFrom(flow, views, [flow.start, flow.onError, flow.onHangUp])
  const problems = [...checkFlow(flow, voices, answers), ...checkExits(views)]
  const ids = [...reached, ...Object.keys(flow.blocks).filter((id) => !reached.has(id))]
  const gone = goneExits(views)
  const isGone = (id: string, exit: string) => gone.get(id)?.has(exit) === true
  const whereGone = [...gone].flatMap(([id, exits]) => [...exits].map((exit) => flow.blocks[id]?.exits[exit] ?? null))
  const afterHangUp = reachableFrom(flow, views, [flow.onHangUp, ...whereGone])
  const duringCall = reachableFrom(flow, views, [flow.start, flow.onError], isGone)
  const lines = lineProblems(flow, views)
  const setters = settersIn(views)
  const sensitive = sensitiveVariables(flow, views.values())
  const nameOf = (id: string) => flow.blocks[id]?.name ?? ''
  const { endless, costly } = circlesOf(flow, views)
  const untold = recordedUntold(flow, views)
  const twice = keysTwice(flow)
  const silences = silencesOf(flow, views)
  const returns = flow.blocks[flow.start]?.type === 'subFlowStart'
  const inCircles = endlessFlows(own, flow, views, shared?.flows ?? {})
  for (const id of ids) {
    yield
    const block = flow.blocks[id]
    const seen = views.get(id)
    if (!block || !seen) continue
    problems.push(...checkBlock(flow, id, block, seen, duringCall.has(id) || !afterHangUp.has(id)))
    problems.push(...checkKeysSaid(flow, id, seen))
    problems.push(...checkTwice(id, twice, nameOf))
    if (silences.has(id)) {
      problems.push({ code: 'silence', severity: 'warning', block: id, field: seen.opened?.silence?.field ?? '' })
    }
    if (untold.has(id)) problems.push({ code: 'notToldOfRecording', severity: 'warning', block: id, field: 'prompt' })
    problems.push(...checkNames(id, seen, names), ...checkSecret(id, seen, names), ...checkTold(id, seen, sensitive))
    if (!reached.has(id)) problems.push({ code: 'unreachable', severity: 'warning', block: id })
    if ((seen.opened?.cost ?? 0) > budgetLimits.event) problems.push({ code: 'tooMuch', severity: 'error', block: id })
    else if (costly.has(id)) problems.push({ code: 'mayBeTooMuch', severity: 'warning', block: id })
    if (inCircles.has(id)) problems.push({ code: 'endlessFlows', severity: 'error', block: id, field: 'flow' })
    if (seen.opened?.returns && !returns) problems.push({ code: 'endsNoSubFlow', severity: 'error', block: id })
    if (endless.has(id)) problems.push({ code: 'endlessLoop', severity: 'error', block: id })
    if (isOutside(answers) && needsAccount(seen)) {
      problems.push({ code: 'notThroughAccount', severity: 'warning', block: id })
    }
    const atLine = lines.get(id)
    if (atLine) problems.push({ severity: 'error', block: id, ...atLine })
    if (afterHangUp.has(id) && seen.kind?.needsCaller) {
      problems.push({ code: 'speaksAfterHangUp', severity: 'error', block: id })
    }
    problems.push(...checkSetters(id, seen, setters, nameOf))
    for (const name of new Set(seen.opened?.saysOpenly ?? [])) {
      if (sensitive.has(name)) problems.push({ code: 'sensitiveSaid', severity: 'error', block: id, detail: name })
    }
    for (const name of new Set(seen.opened?.reads ?? [])) {
      const declared = flow.variables[name]
      if (declared && declared.initial === undefined && !setters.has(name)) {
        problems.push({ code: 'neverSet', severity: 'warning', block: id, detail: name })
      }
    }
  }
  return problems
}

/** Variables that a block must have for itself, and that others set too. */
function* checkSetters(
  id: string,
  { opened }: BlockView,
  setters: ReadonlyMap<string, readonly string[]>,
  nameOf: (id: string) => string,
): Generator<Problem> {
  const error = { code: 'setElsewhere', severity: 'error', block: id } as const
  for (const { variable, field, alone } of opened?.sets ?? []) {
    const other = alone ? setters.get(variable)?.find((one) => one !== id) : undefined
    if (other !== undefined) yield { ...error, field, detail: variable, reason: nameOf(other) }
  }
}

/** Keys of a block that work anywhere already. */
function* checkTwice(
  id: string,
  twice: ReturnType<typeof keysTwice>,
  nameOf: (id: string) => string,
): Generator<Problem> {
  const warning = { code: 'anywhereTwice', severity: 'warning', block: id, field: 'options' } as const
  for (const { block, key, before } of twice) {
    if (block === id) yield { ...warning, detail: key, reason: nameOf(before) }
  }
}

/** Microsoft lets a call reach a number or a queue only where it came through a resource account (pages of transfer and redirect). */
const needsAccount = ({ opened }: BlockView): boolean =>
  [opened?.handsOverTo ?? [], opened?.redirectsTo ?? []].flat().some(({ kind }) => kind !== 'person')

/** It answers something, and no account or number of its own: whether calls come through a resource account is left to chance. */
const isOutside = (answers: readonly (string | null)[]): boolean =>
  answers.length > 0 && answers.every((called) => called === null || called === 'default')

/** True when nothing stands in the way of publishing. */
export const canPublish = (problems: readonly Problem[]): boolean =>
  problems.every(({ severity }) => severity === 'warning')

function* checkFlow(flow: Flow, voices: readonly string[], answers: readonly (string | null)[]): Generator<Problem> {
  const error = { severity: 'error', block: null } as const
  const start = flow.blocks[flow.start]?.type
  if (start !== 'incomingCall' && start !== 'subFlowStart') yield { ...error, code: 'startMissing' }
  if (start === 'subFlowStart' && answers.length > 0) yield { ...error, code: 'answersAsSubFlow' }
  for (const field of ['onHangUp', 'onError'] as const) {
    const id = flow[field]
    if (id !== null && !flow.blocks[id]) yield { ...error, code: 'handlerMissing', field }
  }
  const warning = { severity: 'warning', block: null } as const
  if (failsInSilence(flow)) yield { ...warning, code: 'nothingSaid', field: 'apology' }
  if (!voices.some((voice) => languageOf(voice) === languageOf(flow.language))) {
    yield { ...warning, code: 'noVoice', field: 'language', detail: flow.language, reason: voices.join(', ') }
  }
  for (const [name, { type, initial }] of Object.entries(flow.variables)) {
    if (initial !== undefined && !fitsType(type, initial)) yield { ...error, code: 'wrongInitial', detail: name }
  }
}

/** Whoever calls it has no room for more. */
function* checkExits(views: ReadonlyMap<string, BlockView>): Generator<Problem> {
  const { length } = exitsOf(views)
  if (length > mostExits) {
    yield { code: 'tooManyExits', severity: 'error', block: null, detail: `${length}`, reason: `${mostExits}` }
  }
}

const failsInSilence = ({ onError, apology }: Flow): boolean => onError === null && apology.trim() === ''

const languageOf = (tag: string): string => tag.split('-')[0]?.toLowerCase() ?? ''

/** Keys that callers of a menu are told to press and that lead nowhere, and those that lead somewhere and are not told. */
function* checkKeysSaid({ language }: Flow, id: string, { kind, opened }: BlockView): Generator<Problem> {
  if (!(kind?.asksCaller || opened?.records || opened?.asks) || !opened || languageOf(language) !== 'en') return
  const warning = { severity: 'warning', block: id, field: opened.asks ? 'prompts' : 'prompt' } as const
  const there = opened.keys.map(({ key }) => key)
  const texts = opened.prompts.map(certainOf)
  const said = keysSaid(texts.join(' '), there)
  for (const key of said) if (!there.includes(key)) yield { ...warning, code: 'keyNotThere', detail: key }
  // A key may be a value: "press ${key}".
  if (texts.some((text) => /\b(?:press|dial|push|hit|key)\s+…/i.test(text))) return
  // A prompt that names no key may be a recording of which this is the note, and digits of a number are not named one by one.
  if (!keysSaid(texts[0] ?? '', there).some((key) => there.includes(key))) return
  for (const { key, label, anywhere } of opened.keys) {
    // Of a key that works anywhere callers hear once, and not at every menu.
    if (label !== undefined && anywhere === undefined && !said.includes(key))
      yield { ...warning, code: 'keyNotSaid', detail: key, reason: label }
  }
}

/** Blocks that record callers whom on some way there nobody has told so (A9). */
function recordedUntold(flow: Flow, views: ReadonlyMap<string, BlockView>): Set<string> {
  const tells = (id: string) => {
    const { kind, opened } = views.get(id) ?? {}
    // What is said when somebody is asked again is not said to everybody.
    const said = (kind?.asksCaller ? opened?.prompts.slice(0, 1) : opened?.prompts) ?? []
    return tellsOfRecording(said, flow.language)
  }
  const untold = new Set([flow.start, ...(flow.onError === null ? [] : [flow.onError])].filter((id) => !tells(id)))
  for (const id of untold) {
    for (const to of leadsTo(flow, views, id)) if (flow.blocks[to] && !tells(to)) untold.add(to)
  }
  return new Set([...untold].filter((id) => views.get(id)?.opened?.records))
}

function* checkNames(id: string, { opened }: BlockView, known: KnownNames | undefined): Generator<Problem> {
  if (!known) return
  for (const { kind, name, field } of opened?.names ?? []) {
    if (Object.hasOwn(known[kind], name)) continue
    yield { code: 'unresolvedName', severity: 'error', block: id, field, detail: name, reason: kind }
  }
}

/** A secret that would not be sent: where a request goes is known, unless a value says it that is not there. */
function* checkSecret(id: string, { opened }: BlockView, known: KnownNames | undefined): Generator<Problem> {
  if (!opened?.signsIn) return
  const { secret, addressBy } = opened.signsIn
  const address = addressBy(known?.value ?? {})
  const hosts = known?.secret[secret]
  if (address === null) return
  const why = whyKept(address, hosts ?? [])
  const problem = { severity: 'error', block: id, detail: secret, reason: new URL(address).host } as const
  if (why === 'secretOpen') yield { ...problem, code: why, field: 'url' }
  else if (why === 'secretHost' && hosts) yield { ...problem, code: why, field: 'secret' }
}

function* checkTold(id: string, { opened }: BlockView, sensitive: ReadonlySet<string>): Generator<Problem> {
  for (const { reads, field } of opened?.tells ?? []) {
    for (const name of new Set(reads)) {
      if (sensitive.has(name)) yield { code: 'sensitiveTold', severity: 'error', block: id, field, detail: name }
    }
  }
}

/** `mustGoOn`: a caller may be there, so an exit that leads nowhere would cut somebody off. */
function* checkBlock(flow: Flow, id: string, block: Block, seen: BlockView, mustGoOn: boolean): Generator<Problem> {
  const error = { severity: 'error', block: id } as const
  if (!seen.kind) {
    yield { ...error, code: 'unknownType', detail: block.type }
    return
  }
  for (const { field, code, detail } of seen.issues) {
    yield { ...error, code: 'setting', field, detail: code, ...(detail === '' ? {} : { reason: detail }) }
  }
  for (const { name, optional, fallback, gone } of seen.exits) {
    const to = block.exits[name]
    if (to === undefined) {
      // Where nobody is there any more, nobody is cut off.
      const goesOn = gone || (optional && (fallback !== undefined || !failsInSilence(flow)))
      if (!goesOn && mustGoOn) yield { ...error, code: 'exitOpen', exit: name }
    } else if (!flow.blocks[to]) yield { ...error, code: 'linkBroken', exit: name }
    else if (to === flow.start) yield { ...error, code: 'linkBroken', exit: name, detail: 'start' }
    else if (isEntry(flow, to)) yield { ...error, code: 'linkBroken', exit: name, detail: 'keys' }
  }
  if (seen.opened?.slowed) {
    const detail = seen.opened.slowed.join(', ')
    yield { severity: 'warning', block: id, code: 'slowKeys', field: 'options', detail }
  }
  if (seen.opened) {
    const known = new Set([...seen.exits.map(({ name }) => name), 'error'])
    for (const exit of Object.keys(block.exits)) {
      if (!known.has(exit)) yield { severity: 'warning', block: id, code: 'linkUnknown', exit }
    }
    for (const { variable, types, expression, field } of seen.opened.sets) {
      const declared = flow.variables[variable]
      if (!declared) yield { ...error, code: 'unknownVariable', field, detail: variable }
      else if ((types && !types.includes(declared.type)) || (expression && !canAssign(declared.type, expression))) {
        yield { ...error, code: 'wrongType', field, detail: variable, reason: declared.type }
      }
    }
  }
}

/** Where a block leads: by its exits, and by the keys that work at it though they are none of its own. */
const leadsTo = (
  flow: Flow,
  views: ReadonlyMap<string, BlockView>,
  id: string,
  leftOut: (id: string, exit: string) => boolean = () => false,
): string[] => [
  ...Object.entries(flow.blocks[id]?.exits ?? {}).flatMap(([exit, to]) => (leftOut(id, exit) ? [] : [to])),
  ...(views.get(id)?.opened?.keys.flatMap(({ anywhere }) => anywhere ?? []) ?? []),
]

/** Blocks that a call can come to from these, nearest first; not by the exits that are left out. */
function reachableFrom(
  flow: Flow,
  views: ReadonlyMap<string, BlockView>,
  roots: readonly (string | null)[],
  leftOut?: (id: string, exit: string) => boolean,
): Set<string> {
  const reached = new Set(roots.filter((id) => id !== null && flow.blocks[id] !== undefined) as string[])
  for (const id of reached) {
    for (const to of leadsTo(flow, views, id, leftOut)) if (flow.blocks[to]) reached.add(to)
  }
  return reached
}

/** The exits that are taken when nobody is there any more. */
const goneExits = (views: ReadonlyMap<string, BlockView>): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(
    [...views].flatMap(([id, { exits }]): [string, Set<string>][] => {
      const names = exits.filter(({ gone }) => gone).map(({ name }) => name)
      return names.length > 0 ? [[id, new Set(names)]] : []
    }),
  )

/** The blocks that set each variable. */
function settersIn(views: ReadonlyMap<string, BlockView>): ReadonlyMap<string, readonly string[]> {
  const setters = new Map<string, string[]>()
  for (const [id, { opened }] of views) {
    for (const { variable } of opened?.sets ?? []) setters.set(variable, [...(setters.get(variable) ?? []), id])
  }
  return setters
}

/**
 * Circles that no caller can leave: they ask nothing, no key leads out of them, no condition on them depends on a variable that they
 * change, and no service that is asked again after a while says when it is over. And circles of blocks that do not wait, which may have
 * too much to work out before they are left. Found as Kosaraju's strongly connected components.
 */
function circlesOf(flow: Flow, views: ReadonlyMap<string, BlockView>) {
  const asks = (id: string) => {
    const view = views.get(id)
    return view !== undefined && asksCaller(view)
  }
  const waits = (id: string) => views.get(id)?.kind?.needsCaller !== false
  const endless = circlesWithout(flow, asks).filter((circle) => {
    const changed = new Set(circle.flatMap((id) => views.get(id)?.opened?.sets.map(({ variable }) => variable) ?? []))
    const takesTime = circle.some(waits)
    return !circle.some((id) => {
      const { kind, opened } = views.get(id) ?? {}
      const { settings, exits } = flow.blocks[id] ?? {}
      const out = Object.entries(exits ?? {}).flatMap(([exit, to]) => (circle.includes(to) ? [] : [exit]))
      return (
        (takesTime && opened?.takes && out.length > 0) ||
        (kind?.decides && out.length > 0 && opened?.reads.some((name) => changed.has(name))) ||
        (out.includes('interrupted') && kind?.hearsKeys(settings ?? {}) === true) ||
        opened?.keys.some(({ anywhere }) => anywhere !== undefined)
      )
    })
  })
  const costly = circlesWithout(flow, waits).filter((circle) => {
    const cost = circle.reduce((sum, id) => sum + (views.get(id)?.opened?.cost ?? 0), 0)
    return cost * maxRounds > budgetLimits.event
  })
  return { endless: new Set(endless.flat()), costly: new Set(costly.flat()) }
}

/** The circles among blocks of which this is not true. */
function circlesWithout(flow: Flow, isLeftOut: (id: string) => boolean): string[][] {
  const links = (id: string) =>
    Object.values(flow.blocks[id]?.exits ?? {}).filter((to) => flow.blocks[to] && !isLeftOut(to))
  const ids = Object.keys(flow.blocks).filter((id) => !isLeftOut(id))
  return components(ids, links).filter(([only = '', second]) => second !== undefined || links(only).includes(only))
}

/** Walks with lists and not by recursion: a flow of a thousand blocks in a row must not exhaust the engine's stack. */
function components(ids: readonly string[], links: (id: string) => string[]): string[][] {
  const seen = new Set<string>()
  /** Each behind all that it leads to, but for what leads back to it. */
  const finished = new Set<string>()
  const walk = [...ids]
  for (let id = walk.at(-1); id !== undefined; id = walk.at(-1)) {
    if (seen.has(id)) {
      finished.add(id)
      walk.pop()
    } else {
      seen.add(id)
      walk.push(...links(id).filter((to) => !seen.has(to)))
    }
  }

  const leadingTo = new Map(ids.map((id): [string, string[]] => [id, []]))
  for (const id of ids) for (const to of links(id)) leadingTo.get(to)?.push(id)
  return [...finished].reverse().flatMap((root) => {
    if (!seen.delete(root)) return []
    const component = [root]
    for (const id of component) component.push(...(leadingTo.get(id) ?? []).filter((from) => seen.delete(from)))
    return [component]
  })
}
