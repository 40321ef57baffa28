import { answerId, apologyId, hangUpId } from './addedBlocks.ts'
import type { BlockEvent, Crossing, Detail, Opened, Outcome, Turn } from './block.ts'
import { type Budget, budgetLimits, maxRounds, openBudget } from './budget.ts'
import { type Program, programAt } from './compile.ts'
import { FlowError } from './error.ts'
import { inWords } from './saying/inWords.ts'
import { mostFrames } from './subFlows.ts'
import type { Ask, Caller, Command, FlowEvent, Line, People, Timer } from './talk.ts'
import { fitsType, limits, type Value, type Variables } from './values.ts'

/** Where one call stands. Plain data, so a call survives a restart. `at: null` means that it is over. */
export type CallState = {
  readonly at: string | null
  /** `failing`: a failure is being handled; `afterCall`: the caller has left and the flow tidies up. */
  readonly phase: 'call' | 'failing' | 'afterCall'
  readonly line: Line
  /** What went wrong while the caller was there, and so keeps the call from having come out well. The last one counts. */
  readonly fault: 'notTransferred' | 'failed' | null
  /** Counts the turns; an answer to an earlier turn is late and dropped. */
  readonly visit: number
  /** The turn at which the running block asked a service: its answer counts as long as the block runs, whatever turns it takes meanwhile. */
  readonly asking: number | null
  /** Blocks entered so far. */
  readonly steps: number
  readonly listening: boolean
  /** Keys pressed and not yet taken by any block. */
  readonly typed: string
  /** A key that, if it comes next, belongs to what was typed before. */
  readonly swallow: string
  readonly data: unknown
  /** Of the flow that it stands in. */
  readonly variables: Variables
  /** The menus by which the caller has come here, each once; kept where the flow leads back to them. */
  readonly menus: readonly string[]
  /** The flow that it stands in, by its link among those of the program; null: the one that the call began with. */
  readonly flow: string | null
  /** The flows that wait for that one to come back, the outermost first. */
  readonly frames: readonly Frame[]
}

/** Where a flow waits that has called another one. */
type Frame = Pick<CallState, 'flow' | 'phase' | 'variables' | 'menus'> & { readonly block: string }

/** One thing that happened on a call, for the history. `detail` never holds digits or secrets. */
export type Trace = {
  readonly block: string
  /** The flow that the block stands in, where that is not the one that the call began with; by its link. */
  readonly flow?: string
  readonly event: 'entered' | 'again' | 'left' | 'failed'
  readonly exit?: string
  readonly detail?: Detail
}

export type Step = {
  readonly state: CallState
  readonly commands: readonly Command[]
  readonly trail: readonly Trace[]
}

/** Between a key and what comes of it callers notice none of these. */
const goesOnAtOnce = new Set<BlockEvent['type']>(['entered', 'keysTyped', 'rowFound', 'rowWritten', 'callbackKept'])

/** Keys that a caller may press ahead of the flow; more are dropped. */
const maxTyped = 50
/** Who has gone deeper than this is led back so many menus, and no further. */
const maxMenus = 50
/** Blocks beyond the step limit: for the failure path when the limit is what failed, and for tidying up after it. */
const extraSteps = { call: 0, failing: 50, afterCall: 100 } as const

/** What is told of people has no bound of its own. Who is short enough is kept as they are: every call waits with three of them. */
const ofLength = (who: Caller): Caller =>
  [who.id, who.name, who.phone].every((text) => text.length <= limits.text)
    ? who
    : { id: cut(who.id), name: cut(who.name), phone: cut(who.phone) }
const cut = (text: string): string => text.slice(0, limits.text)

const nobody: Caller = { id: '', name: '', phone: '' }

/**
 * A call that has not begun. `id`: what the history knows it by; `env`: the values of the environment, by name, as they are now; `data`:
 * the payload of who started it.
 */
export function begin(
  program: Program,
  {
    id = '',
    caller,
    called,
    transferor = nobody,
    env = {},
    data = {},
  }: People & { id?: string; env?: Readonly<Record<string, string>>; data?: Variables },
): CallState {
  return {
    at: program.start,
    phase: 'call',
    line: 'ringing',
    fault: null,
    visit: 0,
    asking: null,
    steps: 0,
    listening: false,
    typed: '',
    swallow: '',
    data: undefined,
    menus: none,
    variables: {
      // A flow of before may have variables of these names.
      env,
      call: { id, transferor: ofLength(transferor) },
      trigger: { data: { ...program.payload, ...data } },
      ...program.variables,
      caller: ofLength(caller),
      called: ofLength(called),
    },
    flow: null,
    frames: none,
  }
}

/**
 * One event of one call: where the call stands now, what should be done, and what to remember. Pure: no clock, no
 * network; the bot, the rehearsal and every test run this very function. Never throws for what a flow, a caller or a
 * network can do. An event that changes nothing gives back the same state. `now` is when it happened, in milliseconds
 * since 1970: blocks know the time only from here.
 */
export function step(program: Program, state: CallState, event: FlowEvent, now: number): Step {
  if (state.at === null || isLate(state, event)) return { state, commands: [], trail: [] }
  return theRun.of(program, state, event, now)
}

/** An answer to a turn that is over: the end of a prompt already talked over is never taken for the end of the next. */
const isLate = (state: CallState, event: FlowEvent): boolean =>
  'visit' in event && event.visit !== (isOfService(event) ? state.asking : state.visit) && !isOfCall(event)

const isOfService = (event: FlowEvent): boolean =>
  event.type === 'responded' || (event.type === 'commandFailed' && event.command === 'request')

/** Whether it is about the call and not about the turn that asked for it. */
const isOfCall = (event: FlowEvent): boolean =>
  (event.type === 'timerElapsed' && event.timer !== 'block') ||
  (event.type === 'commandFailed' && event.command === 'answer')

/** What ends a call that was not answered. */
const sendsAway: ReadonlySet<Ask['type']> = new Set(['reject', 'redirect', 'hangUp'])

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Field by field, since every step does it: V8 gives a copy by spread room for four fields, and keeps the rest elsewhere. */
const copyOf = (state: CallState): Mutable<CallState> => {
  const { at, phase, line, fault, visit, asking, steps, listening, typed, swallow, data, variables } = state
  const { menus, flow, frames } = state
  return {
    at,
    phase,
    line,
    fault,
    visit,
    asking,
    steps,
    listening,
    typed,
    swallow,
    data,
    variables,
    menus,
    flow,
    frames,
  }
}

/**
 * One step under way, on its own copy of the state. One object serves all steps, since each is over before the next begins and what
 * is thrown away after every one of them costs more than it does: only the new state, the commands and the trail are made anew.
 */
class Run {
  private call!: Mutable<CallState>
  private commands: Command[] = []
  private trail: Trace[] = []
  /** The one that the call began with. */
  private root!: Program
  /** The one that it stands in. */
  private program!: Program
  private readonly budget: Budget = openBudget()
  private readonly given: { -readonly [K in keyof Turn<unknown>]: Turn<unknown>[K] }
  /** The block that the caller has come from, but for keys that work anywhere. */
  private from = ''
  /** Where the trail of the walk begins that must not go in circles. */
  private walkFrom = 0
  /** How often each block was entered since then, up to `counted` of the trail. */
  private readonly rounds = new Map<string, number>()
  private counted = 0

  constructor() {
    const { budget } = this
    const event = { type: 'entered' } as const
    this.given = {
      event,
      block: '',
      data: undefined,
      variables: {},
      typed: '',
      flowHearsKeys: false,
      callerThere: true,
      line: 'ringing',
      now: 0,
      budget,
    }
  }

  of(program: Program, state: CallState, event: FlowEvent, now: number): Step {
    this.root = program
    this.program = programAt(program, state)
    this.call = copyOf(state)
    this.commands = []
    this.trail = []
    this.budget.left = budgetLimits.event
    this.given.flowHearsKeys = program.hearsKeys
    this.given.now = now
    this.walkFrom = 0
    this.counted = 0
    if (this.rounds.size > 0) this.rounds.clear()
    this.hear(event)
    return this.result(state)
  }

  private hear(event: FlowEvent) {
    const { call } = this
    switch (event.type) {
      case 'callOffered':
        if (call.visit === 0) this.tell(this.enter(this.program.start))
        break
      case 'tonePressed':
        this.takeKey(event.key)
        break
      case 'callEnded':
        return this.end(event)
      case 'callEstablished':
        call.line = event.audio || call.line === 'audible' ? 'audible' : 'established'
        this.tell(event)
        break
      case 'timerElapsed':
        if (event.timer === 'block') this.tell(event)
        else this.ringsTooLong(event.timer)
        break
      case 'commandFailed':
        if (event.command === 'answer') return this.cannotAnswer(event.problem)
        if (call.line === 'leaving') call.line = 'ringing'
        // What was to be silenced goes on a little longer; that is no reason to give up the call.
        if (event.command !== 'cancelMedia') {
          this.tell({ type: 'failed', command: event.command, problem: event.problem })
        }
        break
      case 'promptFailed':
        this.tell({ type: 'failed', command: 'play', problem: event.problem })
        break
      default:
        this.tell(event)
    }
    this.tellKeys()
  }

  private result(before: CallState): Step {
    const { call, trail } = this
    if (call.at === null)
      return { state: { ...call, listening: false, typed: '', asking: null, data: undefined }, commands: [], trail }
    // A timer of a turn that is over already would only ring in vain.
    const isVain = (command: Command) =>
      command.type === 'startTimer' && command.visit !== call.visit && command.timer === 'block'
    const commands = this.commands.some(isVain) ? this.commands.filter((command) => !isVain(command)) : this.commands
    const same = commands.length === 0 && trail.length === 0 && sameState(before, call)
    return same ? { state: before, commands, trail } : { state: call, commands, trail }
  }

  private takeKey(key: string) {
    const { call } = this
    if (call.swallow.includes(key)) call.swallow = ''
    else if (call.typed.length < maxTyped) {
      call.swallow = ''
      call.typed += key
    }
  }

  /** Gives the keys typed so far to whoever listens, until nobody does or nobody takes any. */
  private tellKeys() {
    const { call } = this
    while (call.at !== null && call.listening && call.typed !== '') {
      const { typed, visit } = call
      this.tell({ type: 'keysTyped' })
      if (call.typed === typed && call.visit === visit) break
    }
  }

  /** Tells the running block what happened, and walks on until some block waits. */
  private tell(first: BlockEvent | null) {
    const { call } = this
    let event: BlockEvent | null = first
    while (event !== null && call.at !== null) {
      const node = this.program.nodes.get(call.at)
      if (node === undefined) {
        event = this.fail('unknownBlock')
        continue
      }
      let outcome: Outcome<unknown> | undefined
      try {
        outcome = node.block.step(this.turn(event))
        if (outcome?.asks && node.block.sayings.size > 0) outcome = this.inWords(outcome, node.block)
      } catch (error) {
        if (!(error instanceof FlowError)) throw error
        outcome = outcome?.unsaid ?? failedBy(error, outcome)
      }
      if (outcome === undefined) {
        if (event.type !== 'failed') return
        outcome = { exit: 'error', detail: { problem: event.problem } }
      }
      // The call went on by something else than a key: a terminator pressed now is meant for this block.
      if (event === first && !goesOnAtOnce.has(event.type)) call.swallow = ''
      event = this.apply(outcome)
    }
  }

  private inWords(outcome: Outcome<unknown>, { sayings }: Opened): Outcome<unknown> {
    const { asks = [], variables = this.call.variables } = outcome
    return { ...outcome, asks: inWords(asks, sayings, variables, this.budget) }
  }

  /** What blocks are given is theirs until they have answered. */
  private turn(event: BlockEvent): Turn<unknown> {
    const { given, call } = this
    given.event = event
    given.block = call.at ?? ''
    given.data = call.data
    given.variables = call.variables
    given.typed = call.typed
    given.callerThere = call.phase !== 'afterCall'
    given.line = call.line
    return given
  }

  private apply(outcome: Outcome<unknown>): BlockEvent | null {
    const { call } = this
    if (outcome.again) call.visit += 1
    let said = false
    for (const ask of outcome.asks ?? none) {
      if (ask.type === 'play' && ask.prompts.length === 0) said = true
      else this.ask(ask)
    }
    if (outcome.listen !== undefined) call.listening = outcome.listen
    if (outcome.typed !== undefined) {
      // Who takes a key has listened: a menu that many keys were typed ahead for is no circle.
      if (outcome.typed.length < call.typed.length) this.beginWalk()
      call.typed = outcome.typed
    }
    if (outcome.data !== undefined) call.data = outcome.data
    if (outcome.variables !== undefined) call.variables = outcome.variables
    if (outcome.swallow !== undefined) call.swallow = outcome.swallow
    if (outcome.exit !== undefined) return this.leave(outcome.exit, outcome)
    if (outcome.crosses !== undefined) return this.cross(outcome.crosses)
    if (outcome.again && outcome.detail) this.note('again', undefined, outcome.detail)
    // Values may have nothing to say, and then their prompt is over.
    return said ? { type: 'promptFinished', visit: call.visit } : null
  }

  private ask(ask: Ask) {
    const { call } = this
    if (ask.type === 'answer') call.line = 'answering'
    else if (call.line === 'ringing' && sendsAway.has(ask.type)) call.line = 'leaving'
    if (ask.type === 'request') call.asking = call.visit
    this.commands.push({ visit: call.visit, ...ask })
  }

  /** The telephone gives up a call that nobody answers, so the caller is told something before it does. */
  private ringsTooLong(timer: Timer) {
    const { call } = this
    const isEnding = this.program.nodes.get(call.at ?? '')?.kind.ends === true
    if (call.line !== 'ringing' || call.phase !== 'call' || isEnding) return
    if (timer === 'answersLate') return this.ask({ type: 'answer' })
    this.note('failed', 'limit', { problem: 'rangTooLong' })
    this.fault('failed')
    call.phase = 'failing'
    this.tell(this.enter(hangUpId))
  }

  /** The answer may have been asked for by a block, or over its head. */
  private cannotAnswer(problem: string) {
    const { call } = this
    if (call.line !== 'answering') return
    call.line = 'lost'
    const isAnswering = this.program.nodes.get(call.at ?? '')?.block.answers === true
    if (isAnswering) this.tell({ type: 'failed', command: 'answer', problem })
    this.tellKeys()
  }

  private leave(exit: string, { detail, gone, goes }: Outcome<unknown>): BlockEvent | null {
    const { call, program } = this
    const node = program.nodes.get(call.at ?? '')
    const to = goes === undefined ? node?.exits.get(exit) : goes.to
    if ((exit === 'error' || gone) && to === undefined) return this.fail(String(detail?.problem ?? 'failed'))
    this.note('left', exit, detail)
    if (exit === 'error' || gone) this.fault('failed')
    else if (node?.kind.handsOver) this.fault('notTransferred')
    if (gone && call.phase === 'call') call.phase = 'afterCall'
    if (to !== undefined) return this.enter(to, goes?.by)
    if (node?.kind.ends || call.phase === 'afterCall') {
      call.at = null
      return null
    }
    // Callers are told so: who is cut off without a word calls again.
    return this.fail('exitOpen')
  }

  /** Into another flow, or back into the one that waits for this one. */
  private cross(way: Crossing): BlockEvent | null {
    const { call, root } = this
    if (way.type === 'returns') {
      this.note('left', way.exit)
      // Nobody waits for a sub-flow that somebody tries by itself.
      return this.goBack() ? { type: 'returned', exit: way.exit, values: way.values } : this.enter(hangUpId)
    }
    const { type, link, parameters } = way
    const entered = root.flows.get(link)
    // It may have become another sort of flow since this one was published.
    if (!entered || (type === 'calls') !== (entered.parameters !== null)) return this.refuse('flowMissing')
    if (type === 'calls' && call.frames.length >= mostFrames) return this.refuse('tooManyFlows')
    const variables = variablesIn(entered, this.program, call.variables, parameters)
    if (!variables) return this.refuse('parameterWrong')
    if (type === 'goes') {
      this.note('left', 'done')
      call.frames = none
    } else {
      const { flow, phase, variables, menus } = call
      call.frames = [...call.frames, { flow, phase, variables, menus, block: call.at ?? '' }]
    }
    call.menus = none
    // It has a failure path of its own. Beyond the step limit no failure is over, so that flows cannot fail into each other without end.
    if (call.steps <= root.maxSteps) call.phase = 'call'
    call.flow = entered.key
    call.variables = variables
    this.program = entered
    const event = this.enter(entered.start)
    // Where the call is answered already, its start has nothing to do.
    const isThere = this.program === entered && call.at === entered.start && call.line !== 'ringing'
    return isThere ? this.leave('next', {}) : event
  }

  private refuse(problem: string): BlockEvent | null {
    return this.leave('error', { detail: { problem } })
  }

  /** To the block that waits for this flow; false when none does. */
  private goBack(): boolean {
    const { call } = this
    const frame = call.frames.at(-1)
    if (!frame) return false
    const { flow, phase, variables, menus, block } = frame
    Object.assign(call, { at: block, flow, phase, variables, menus, frames: call.frames.slice(0, -1) })
    Object.assign(call, { visit: call.visit + 1, asking: null, data: undefined, listening: false })
    this.program = programAt(this.root, call)
    return true
  }

  private enter(id: string, by?: string): BlockEvent | null {
    const { call, program } = this
    if (program.menus !== null && !program.nodes.get(call.at ?? '')?.kind.entry) this.from = call.at ?? ''
    call.at = id
    call.visit += 1
    call.asking = null
    call.steps += 1
    call.data = undefined
    call.listening = false
    this.note('entered')
    const node = program.nodes.get(id)
    if (call.phase === 'afterCall' && node?.kind.ends) {
      call.at = null
      return null
    }
    if (call.phase === 'afterCall' && node?.kind.needsCaller) return this.fail('callerGone')
    // The end that nobody drew is beyond every limit: a call must not be left on the line.
    if (call.steps > program.maxSteps + extraSteps[call.phase] && id !== hangUpId)
      return this.fail('stepLimit', 'limit')
    if (this.circles(id)) return this.fail('endlessLoop', 'limit')
    if (program.menus !== null) return this.comesBy(program.menus, id, by)
    return by === undefined ? { type: 'entered' } : { type: 'entered', by }
  }

  /** Keeps by which menus the caller has come, and tells which one is behind; a key that works anywhere is no place between. */
  private comesBy(menus: ReadonlySet<string>, id: string, by: string | undefined): BlockEvent {
    const { call } = this
    if (menus.has(id)) {
      const at = call.menus.indexOf(id)
      call.menus = at < 0 ? [...call.menus, id].slice(-maxMenus) : call.menus.slice(0, at + 1)
    }
    const menuBefore = call.menus.findLast((menu) => menu !== this.from && menus.has(menu))
    return { type: 'entered', ...(by !== undefined && { by }), ...(menuBefore !== undefined && { menuBefore }) }
  }

  /**
   * Takes the flow's failure path; a failure on that path hangs up, and a failure of that ends the call. A sub-flow without a path of
   * its own leaves it to the block that has called it, on whatever path that stands.
   */
  private fail(problem: string, exit = 'error'): BlockEvent | null {
    const { call, program } = this
    this.note('failed', exit, { problem })
    this.fault('failed')
    if (call.phase === 'afterCall' || call.at === hangUpId) {
      call.at = null
      return null
    }
    this.beginWalk()
    if (!program.handlesFailures && this.goBack()) return this.refuse(problem)
    if (call.phase === 'failing') {
      // A failure path that ends nowhere may have said nothing yet.
      const more = problem === 'exitOpen' && call.at !== apologyId && program.nodes.has(apologyId)
      return this.enter(more ? apologyId : hangUpId)
    }
    call.phase = 'failing'
    this.budget.left = Math.max(this.budget.left, budgetLimits.failurePath)
    // Nobody would hear what it says before the call is answered.
    return this.enter(call.line === 'ringing' || call.line === 'answering' ? answerId : program.onError)
  }

  /**
   * The call is over. A caller who left sets off the hang-up path, that of the innermost flow that has one; a call that the flow ended
   * does not.
   */
  private end(event: Extract<FlowEvent, { type: 'callEnded' }>) {
    const { call } = this
    if (call.phase === 'afterCall') return
    const node = this.program.nodes.get(call.at ?? '')
    // A transfer that was given up may succeed all the same.
    const left = event.transferred ? { exit: 'done' } : node?.block.step(this.turn(event))
    const own = left && 'gone' in left ? node?.exits.get(left.exit ?? '') : undefined
    const exit = left && 'gone' in left && own === undefined ? 'hangup' : (left?.exit ?? 'hangup')
    this.note('left', exit)
    this.commands.length = 0
    const to = own ?? (exit === 'hangup' ? this.hangUpPath() : null)
    if (to === null || !this.program.nodes.has(to)) {
      call.at = null
      return
    }
    call.phase = 'afterCall'
    call.typed = ''
    this.tell(this.enter(to))
    // Nothing will ever wake a block that asked for nothing.
    if (this.commands.length === 0) call.at = null
  }

  private hangUpPath(): string | null {
    while (this.program.onHangUp === null && this.goBack());
    return this.program.onHangUp
  }

  /** Tidying up after the caller has left serves nobody, and can fail nobody. */
  private fault(fault: NonNullable<CallState['fault']>) {
    if (this.call.phase !== 'afterCall') this.call.fault = fault
  }

  private beginWalk() {
    this.walkFrom = this.trail.length
    this.counted = this.walkFrom
    if (this.rounds.size > 0) this.rounds.clear()
  }

  private circles(id: string): boolean {
    const { trail, rounds } = this
    if (trail.length - this.walkFrom <= maxRounds) return false // so short a walk has no time for it
    for (const { block, event, flow } of trail.slice(this.counted)) {
      const place = placeOf(block, flow)
      if (event === 'entered') rounds.set(place, (rounds.get(place) ?? 0) + 1)
    }
    this.counted = trail.length
    return (rounds.get(placeOf(id, this.call.flow)) ?? 0) > maxRounds
  }

  private note(event: Trace['event'], exit?: string, detail?: Detail) {
    const { at, flow } = this.call
    const block = at ?? ''
    this.trail.push(flow === null ? { block, event, exit, detail } : { block, flow, event, exit, detail })
  }
}

/** What becomes of a block that could not work something out; what it had in mind counts as far as it had begun. */
function failedBy({ code }: FlowError, outcome: Outcome<unknown> | undefined): Outcome<unknown> {
  // What still sounds is to be silenced, whatever was to be said next.
  const asks = outcome?.asks?.filter(({ type }) => type === 'cancelMedia') ?? []
  // Keys that were taken are.
  const taken = outcome?.typed === undefined ? {} : { typed: outcome.typed }
  return { exit: 'error', asks, ...taken, detail: { problem: code } }
}

const placeOf = (block: string, flow: string | null | undefined) => (flow ? `${flow} ${block}` : block)

/**
 * What a flow begins with that is entered from another one: its own values, the parameters, and who is on the line. Null when a parameter
 * is missing or of another type.
 */
function variablesIn(entered: Program, from: Program, before: Variables, given: Variables): Variables | null {
  // A flow of before may have a variable of such a name, which then is not what it is elsewhere.
  const common = (name: string): Value => (Object.hasOwn(from.variables, name) ? {} : (before[name] ?? {}))
  const taken: Record<string, Value> = {}
  for (const { name, type, required } of entered.parameters ?? none) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    if (value === undefined ? required : !fitsType(type, value)) return null
    if (value !== undefined) taken[name] = value
  }
  const { caller = {}, called = {} } = before
  return {
    env: common('env'),
    call: common('call'),
    trigger: common('trigger'),
    ...entered.variables,
    ...taken,
    caller,
    called,
  }
}

const none: readonly never[] = []

const sameState = (a: CallState, b: CallState): boolean =>
  a.at === b.at &&
  a.visit === b.visit &&
  a.line === b.line &&
  a.asking === b.asking &&
  a.typed === b.typed &&
  a.swallow === b.swallow &&
  a.data === b.data &&
  a.listening === b.listening &&
  a.variables === b.variables

const theRun = new Run()
