import { type RawAnswer, takeAnswer } from './answer.ts'
import { compile, type Program, type ProgramOptions, programAt } from './compile.ts'
import type { Flow } from './flow.ts'
import { type RehearsedCallbacks, rehearsedCallbacks } from './rehearsedCallbacks.ts'
import { type RehearsedTables, rehearsedTables } from './rehearsedTables.ts'
import { begin, type CallState, step, type Trace } from './step.ts'
import type { Cells } from './table.ts'
import type { Called, Caller, Command, EndReason, FlowEvent, RejectReason, ServiceAnswer, Target } from './talk.ts'
import { type LineState, refusalOf } from './telephone.ts'
import type { Variables } from './values.ts'

/** A transfer that nobody decides about ends by itself. Graph names no time; it is ours, for test calls without a telephone. */
const ringMs = 120_000

/** What the end of a call that was not answered says of itself (Graph's examples carry no result). */
const untold: EndReason = { code: null, subcode: null }

/**
 * Who calls whom; `id`: what the history would know the call by; `from`: when the call comes in, in milliseconds since 1970; `env`: the values of the environment;
 * `data`: the payload of who started it; `tables`: the rows
 * of each table, by its id.
 */
type RehearsedCall = {
  id?: string
  caller?: Partial<Caller>
  called?: Partial<Called>
  transferor?: Partial<Caller>
  from?: number
  env?: Record<string, string>
  data?: Variables
  tables?: Readonly<Record<string, readonly Cells[]>>
}

/** For a call to be through, a person who may take it, a service, what a caller says, the end of a prompt, that keys are sent, a key or a timer. */
export type WaitsFor =
  | 'nothing'
  | 'answer'
  | 'redirect'
  | 'transfer'
  | 'service'
  | 'message'
  | 'prompt'
  | 'tones'
  | 'time'

/**
 * A call without a telephone: the same `step` as on a real one, with a caller of our making and a clock of our own. What the
 * service would not take as the call stands is refused here too.
 */
export class Rehearsal {
  readonly program: Program
  private state: CallState
  private clock: number
  private line: LineState = 'incoming'
  /** What is told when its time comes; one of each name. */
  private timers: { name: string; at: number; news: FlowEvent }[] = []
  /** Every command so far. */
  readonly asked: Command[] = []
  readonly trail: Trace[] = []
  /** Whom the call was given to. */
  transferredTo: Target | null = null
  /** To whom it was sent on unanswered. */
  redirectedTo: readonly Target[] = []
  /** With what reason it was turned away unanswered. */
  rejectedWith: RejectReason | null = null
  private playing: { visit: number; prompts: readonly string[] } | null = null
  private recording: Extract<Command, { type: 'record' }> | null = null
  /** How much the caller has said into the recording that is to be fetched. */
  private spokenMs = 0
  private heardSoFar: string[] = []
  private hungUp = false
  /** Of this call alone: what it writes, it sees. */
  readonly tables: RehearsedTables
  readonly callbacks: RehearsedCallbacks = rehearsedCallbacks()

  constructor(
    flow: Flow,
    options: ProgramOptions = {},
    { id = '', from = 0, env = {}, data = {}, tables = {}, ...people }: RehearsedCall = {},
  ) {
    this.tables = rehearsedTables(options.shared?.tables ?? {}, tables)
    this.clock = from
    const nobody = { id: '', name: '', phone: '' }
    this.program = compile(flow, options)
    this.state = begin(this.program, {
      id,
      env,
      data,
      caller: { ...nobody, ...people.caller },
      called: { ...nobody, ...people.called },
      transferor: { ...nobody, ...people.transferor },
    })
  }

  /** The call comes in. Whether it is answered is up to the flow. */
  comesIn(): this {
    return this.tells({ type: 'callOffered' })
  }

  /** The answer is through, and media flows. */
  isHeard(): this {
    return this.tells({ type: 'callEstablished', audio: true })
  }

  /** The call comes in, is answered, and media flows. */
  rings(): this {
    return this.tells({ type: 'callOffered' }).tells({ type: 'callEstablished', audio: true })
  }

  /** Another call that stands where this one does, and goes its own way from here. */
  fork(): Rehearsal {
    const own = {
      timers: [...this.timers],
      asked: [...this.asked],
      trail: [...this.trail],
      heardSoFar: [...this.heardSoFar],
      tables: this.tables.fork(),
      callbacks: this.callbacks.fork(),
    }
    return Object.assign(Object.create(Rehearsal.prototype), this, own)
  }

  /** What the caller has heard since this was last asked. */
  get hears(): string[] {
    return this.heardSoFar.splice(0)
  }

  get isOver(): boolean {
    return this.state.at === null
  }

  /** Where the flow stands. */
  get stands(): CallState {
    return this.state
  }

  /** What the call waits for. */
  get waitsFor(): WaitsFor {
    if (this.isOver) return 'nothing'
    if (this.line === 'establishing') return 'answer'
    if (this.line === 'redirecting') return 'redirect'
    if (this.line === 'transferring' || this.line === 'transferAccepted') return 'transfer'
    if (this.state.asking !== null) return 'service'
    if (this.recording) return 'message'
    if (this.timers.some(({ news }) => news.type === 'tonesSent' && news.visit === this.state.visit)) return 'tones'
    return this.playing ? 'prompt' : 'time'
  }

  /** The block that runs now. */
  get at(): string | null {
    return this.state.at
  }

  get variables() {
    return this.state.variables
  }

  get visit(): number {
    return this.state.visit
  }

  /** True when the flow itself hung up. */
  get endedByFlow(): boolean {
    return this.hungUp
  }

  promptFinishes(visit?: number): this {
    const at = visit ?? this.playing?.visit
    if (at === undefined) return this
    if (this.recording && at === this.playing?.visit) {
      // The greeting of a recording: from here on it listens.
      this.playing = null
      this.listenTo(this.recording)
      return this
    }
    if (at === this.playing?.visit) this.playing = null
    return this.tells({ type: 'promptFinished', visit: at })
  }

  promptFails(problem = 'notPlayed'): this {
    const visit = this.playing?.visit ?? this.state.visit
    this.playing = null
    return this.tells({ type: 'promptFailed', visit, problem })
  }

  /** Presses keys one after another, as fast as can be. */
  presses(keys: string): this {
    for (const key of keys) this.tells({ type: 'tonePressed', key })
    return this
  }

  /** Lets time pass without a key, for so many seconds. What plays goes on playing. */
  waits(seconds: number): this {
    const until = this.clock + seconds * 1000
    for (;;) {
      const due = this.timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
      if (!due) break
      this.timers.splice(this.timers.indexOf(due), 1)
      this.clock = due.at
      this.tells(due.news)
    }
    this.clock = until
    return this
  }

  /** Says nothing until the block gives up waiting. */
  staysSilent(): this {
    this.promptFinishes()
    const due = this.timers.find(
      ({ news }) =>
        (news.type === 'timerElapsed' || news.type === 'nothingSaid' || news.type === 'tonesSent') &&
        news.visit === this.state.visit,
    )
    return due ? this.waits((due.at - this.clock) / 1000) : this
  }

  /** Speaks for so many seconds into what records, and then is silent, or presses the key that ends it. */
  speaks(seconds: number, key?: string): this {
    if (this.recording) this.promptFinishes()
    const { recording } = this
    if (!recording) return this
    const until = Math.min(seconds, recording.maxSeconds)
    // Who speaks is not silent.
    this.stop('silence')
    this.waits(until)
    const byKey = key !== undefined && recording.stopKeys.includes(key) && seconds < recording.maxSeconds
    if (key !== undefined) this.presses(key)
    if (!byKey && seconds < recording.maxSeconds) this.waits(recording.silenceSeconds)
    if (this.recording !== recording) return this
    this.recording = null
    this.spokenMs = until * 1000
    return this.tells({ type: 'recordingEnded', visit: recording.visit, byKey })
  }

  hangsUp(reason: EndReason = { code: 200, subcode: 4521 }): this {
    return this.tells({ type: 'callEnded', reason, transferred: false })
  }

  transferSucceeds(): this {
    return this.tells({ type: 'transferAccepted' }).tells({
      type: 'callEnded',
      reason: { code: 0, subcode: 7015 },
      transferred: true,
    })
  }

  /** The service that was asked last answers this, or does not. */
  responds(answer: (Partial<RawAnswer> & { status: number }) | Extract<ServiceAnswer, { failed: string }>): this {
    const asked = this.asked.findLast(({ type }) => type === 'request')
    if (!asked) return this
    return this.tells({
      type: 'responded',
      visit: asked.visit,
      answer: 'failed' in answer ? answer : this.taken(answer),
    })
  }

  private taken(answer: Partial<RawAnswer> & { status: number }): ServiceAnswer {
    const raw = { headers: { 'content-type': 'application/json' }, text: '', ms: 1, ...answer }
    const work = takeAnswer(
      programAt(this.program, this.state).nodes.get(this.at ?? '')?.block.takes ?? [],
      raw,
      this.variables,
    )
    for (;;) {
      const { done, value } = work.next()
      if (done) return value
    }
  }

  transferFails(): this {
    return this.tells({ type: 'transferFailed' })
  }

  /** Somebody takes the call that was sent on, or it rang in vain: the flow is not told which. */
  redirectEnds(): this {
    return this.tells({ type: 'callEnded', reason: untold, transferred: false })
  }

  commandFails(command: Command['type'], problem = 'refused'): this {
    return this.tells({ type: 'commandFailed', command, visit: this.state.visit, problem })
  }

  /** Any event, as it is. */
  tells(event: FlowEvent): this {
    this.line = lineAfter(this.line, event)
    if (this.line !== 'transferring') this.stop('ring')
    if ('visit' in event && event.visit === this.recording?.visit) this.recording = null
    this.step(event)
    return this
  }

  private step(event: FlowEvent) {
    const { state, commands, trail } = step(this.program, this.state, event, this.clock)
    this.state = state
    this.trail.push(...trail)
    for (const command of commands) this.perform(command)
  }

  private listenTo({ visit, firstSeconds }: Extract<Command, { type: 'record' }>) {
    this.start('silence', firstSeconds * 1000, { type: 'nothingSaid', visit })
  }

  private start(name: string, ms: number, news: FlowEvent) {
    this.stop(name)
    this.timers.push({ name, at: this.clock + ms, news })
  }

  private stop(name: string) {
    this.timers = this.timers.filter((timer) => timer.name !== name)
  }

  private perform(command: Command) {
    this.asked.push(command)
    const problem = refusalOf(this.line, command.type)
    if (problem !== null) {
      this.step({ type: 'commandFailed', command: command.type, visit: command.visit, problem })
      return
    }
    switch (command.type) {
      case 'subscribeTones':
        this.tells({ type: 'tonesSubscribed', visit: command.visit })
        break
      case 'play':
        if (!command.more) this.playing = { visit: command.visit, prompts: command.prompts }
        this.heardSoFar.push(...command.prompts)
        break
      case 'record':
        this.recording = command
        this.playing = command.prompts.length > 0 ? { visit: command.visit, prompts: command.prompts } : null
        this.heardSoFar.push(...command.prompts)
        if (!this.playing) this.listenTo(command)
        break
      case 'sendTones':
        this.start('tones', command.tones.length * command.gapMs, { type: 'tonesSent', visit: command.visit })
        break
      case 'takeRecording':
        this.tells({ type: 'recordingTaken', visit: command.visit, spokenMs: this.spokenMs })
        break
      case 'cancelMedia':
        this.playing = null
        this.recording = null
        break
      case 'startTimer':
        this.start(command.timer, command.ms, { type: 'timerElapsed', timer: command.timer, visit: command.visit })
        break
      case 'lookUp':
      case 'writeRow':
        this.tells(this.tables.answer(command))
        break
      case 'createCallback':
        this.tells(this.callbacks.answer(command, this.clock))
        break
      case 'transfer':
        this.line = 'transferring'
        this.transferredTo = command.target
        this.start('ring', ringMs, { type: 'transferFailed' })
        break
      case 'hangUp':
        this.hungUp = true
        this.tells({ type: 'callEnded', reason: { code: 200, subcode: 7000 }, transferred: false })
        break
      case 'request':
        break // `responds` says what comes of it
      case 'answer':
        this.line = 'establishing'
        break
      case 'reject':
        this.rejectedWith = command.reason
        this.tells({ type: 'callEnded', reason: untold, transferred: false })
        break
      case 'redirect':
        this.line = 'redirecting'
        this.redirectedTo = command.targets
        break
      default:
        command satisfies never
    }
  }
}

/** Begins a rehearsal with the call answered: the first prompt is playing. */
export const rehearse = (flow: Flow, options?: ProgramOptions, call?: RehearsedCall): Rehearsal =>
  new Rehearsal(flow, options, call).rings()

/** How a call stands after news of it. What comes late or twice moves nothing back. */
function lineAfter(line: LineState, event: FlowEvent): LineState {
  switch (event.type) {
    case 'callEstablished':
      return line === 'incoming' || line === 'establishing' ? 'established' : line
    case 'transferAccepted':
      return line === 'transferring' ? 'transferAccepted' : line
    case 'transferFailed':
      return line === 'transferring' || line === 'transferAccepted' ? 'established' : line
    case 'commandFailed':
      if (event.command === 'redirect' && line === 'redirecting') return 'incoming'
      return event.command === 'transfer' && line === 'transferring' ? 'established' : line
    case 'callEnded':
      return 'terminated'
    default:
      return line
  }
}
