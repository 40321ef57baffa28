import { noTones, skipGap, type Taken, takeTone } from '#communications/calling/tones.ts'
import type { Tone } from '#communications/wire/types.ts'
import { takeAnswer } from '#flow/answer.ts'
import { compile, type Program, programAt } from '#flow/compile.ts'
import type { Flow } from '#flow/flow.ts'
import { rehearsedCallbacks } from '#flow/rehearsedCallbacks.ts'
import { rehearsedTables } from '#flow/rehearsedTables.ts'
import { begin, type CallState, step, type Trace } from '#flow/step.ts'
import type { FlowLibrary } from '#flow/subFlows.ts'
import type { Command, FlowEvent, ServiceAnswer, Timer } from '#flow/talk.ts'
import { type LineState, refusalOf } from '#flow/telephone.ts'
import { otherIds, rowsOf, type ServiceDoes, shared } from './flows.ts'
import { callerPhone } from './reference.ts'

/** A key as the network delivers it, numbered; the calling client brings keys into order before a flow hears them. */
type Delivered = { type: 'keyDelivered'; key: string; sequence: number }
type Told = FlowEvent | Delivered

/** Before the names of blocks of another flow than the one that answered. */
const prefixOf = (key: string | null | undefined): string =>
  Object.entries(otherIds)
    .find(([, id]) => key?.startsWith(id))?.[0]
    .concat('.') ?? ''

/** How long a key waits for the one before it. */
const toneGapMs = 400

/**
 * The product's own interpreter in a world that is not ideal: notifications come twice, answers come late, and the
 * state is put away and taken up again between any two of them, as between two processes.
 */
export class ProductCall {
  readonly heard: string[] = []
  readonly transferredTo: string[] = []
  readonly trail: Trace[] = []
  hangUps = 0
  silenced = 0
  private readonly program: Program
  private state: CallState
  private clock = 0
  private timers: { timer: Timer | 'tones'; visit: number; at: number }[] = []
  private tones = noTones
  private playing: number | null = null
  private recording: number | null = null
  private fetching: number | null = null
  private transferring: number | null = null
  private sending: number | null = null
  private readonly tables = rehearsedTables(shared.tables, rowsOf)
  readonly callbacks = rehearsedCallbacks()
  private line: LineState = 'incoming'
  readonly sentAway: string[] = []
  answers = 0
  /** The turn that waits for its answer; null when none does. */
  answering: number | null = null
  subscribing: number | null = null
  private asking: number | null = null
  nextSequence: number
  private readonly hangUpAnswers: readonly string[]
  private readonly told: Told[] = []
  private readonly queue: Told[] = []
  private readonly refusals: FlowEvent[] = []
  private readonly dice: () => number

  constructor(
    flow: Flow,
    maxSteps: number,
    hangUpAnswers: readonly string[],
    { firstSequence, dice, flows }: { firstSequence: number; dice: () => number; flows?: FlowLibrary },
  ) {
    this.program = compile(flow, { maxSteps, shared, ...(flows && { flows }) })
    this.hangUpAnswers = hangUpAnswers
    this.nextSequence = firstSequence
    this.dice = dice
    const nobody = { id: '', name: '', phone: '' }
    this.state = begin(this.program, { caller: { ...nobody, phone: callerPhone }, called: nobody })
  }

  get at(): string | undefined {
    const { at, flow } = this.state
    return at === null ? undefined : `${prefixOf(flow)}${at}`
  }
  get visit(): number {
    return this.state.visit
  }
  get values() {
    const { caller: _, called: __, env: ___, call: ____, trigger: _____, ...values } = this.state.variables
    return values
  }
  get visited(): string[] {
    return this.trail.flatMap(({ block, flow, event, exit }) => {
      const place = `${prefixOf(flow)}${block}`
      return event === 'entered' ? [`>${place}`] : event === 'again' ? [] : [`${place}:${exit}`]
    })
  }

  tells(...events: Told[]) {
    this.queue.push(...events)
    for (let event = this.queue.shift(); event; event = this.queue.shift()) {
      for (let n = this.dice() % 4; n > 1; n--) this.deliver(this.noise())
      this.deliver(event)
      this.told.push(event)
    }
  }

  ends(how: 'promptFinished' | 'promptFailed' | 'refused') {
    const { playing } = this
    if (playing === null) return
    this.playing = null
    if (how === 'promptFinished') this.tells({ type: how, visit: playing })
    else if (how === 'promptFailed') this.tells({ type: how, visit: playing, problem: '500/1005' })
    else this.tells({ type: 'commandFailed', visit: playing, command: 'play', problem: '503' })
  }

  /** The last recording that was asked for ends. */
  recorded(how: 'spoken' | 'byKey' | 'silent' | 'refused') {
    const visit = this.recording
    if (visit === null) return
    this.recording = null
    if (how === 'refused') this.tells({ type: 'commandFailed', visit, command: 'record', problem: '403' })
    else if (how === 'silent') this.tells({ type: 'nothingSaid', visit })
    else this.tells({ type: 'recordingEnded', visit, byKey: how === 'byKey' })
  }

  /** The file that was asked for last comes, or is not there. */
  fetched(spokenMs: number | null) {
    const visit = this.fetching
    if (visit === null) return
    this.fetching = null
    if (spokenMs === null) this.tells({ type: 'commandFailed', visit, command: 'takeRecording', problem: '404' })
    else this.tells({ type: 'recordingTaken', visit, spokenMs })
  }

  /** The service that was asked last does this, be it late. */
  responds(how: ServiceDoes) {
    const visit = this.asking
    if (visit === null) return
    this.asking = null
    if (how === 'refused') this.tells({ type: 'commandFailed', visit, command: 'request', problem: 'internal' })
    else if (typeof how === 'string')
      this.tells({ type: 'responded', visit, answer: { failed: how, problem: 'x', ms: 1 } })
    else this.tells({ type: 'responded', visit, answer: this.answered(how) })
  }

  private answered(status: number): ServiceAnswer {
    const takes = programAt(this.program, this.state).nodes.get(this.state.at ?? '')?.block.takes ?? []
    const raw = { status, headers: { 'content-type': 'application/json' }, text: '{"t":"told"}', ms: 1 }
    const work = takeAnswer(takes, raw, this.state.variables)
    for (;;) {
      const { done, value } = work.next()
      if (done) return value
    }
  }

  /** The keys that were to be sent last have gone out, or do not, be it late. */
  sends(how: 'sent' | 'refused') {
    const visit = this.sending
    if (visit === null) return
    this.sending = null
    if (how === 'sent') this.tells({ type: 'tonesSent', visit })
    else this.tells({ type: 'commandFailed', visit, command: 'sendTones', problem: '403' })
  }

  /** The last transfer that was asked for is refused, be it late. */
  refusesTransfer() {
    const visit = this.transferring
    if (visit !== null) this.tells({ type: 'commandFailed', visit, command: 'transfer', problem: '403' })
  }

  /** The keys with their sequence numbers, to be delivered in any order. */
  keys(keys: string, lost = 0): Delivered[] {
    this.nextSequence += lost
    return [...keys].map((key) => ({ type: 'keyDelivered', key, sequence: this.nextSequence++ }))
  }

  passes(ms: number) {
    const until = this.clock + ms
    for (;;) {
      const due = this.timers
        .filter(({ at }) => at <= until)
        .sort((a, b) => a.at - b.at || (a.timer === 'tones' ? -1 : 1))[0]
      if (!due) break
      this.timers.splice(this.timers.indexOf(due), 1)
      this.clock = due.at
      if (due.timer === 'tones') {
        this.hears(skipGap(this.tones))
        this.tells() // what that has set off
      } else this.tells({ type: 'timerElapsed', timer: due.timer, visit: due.visit })
    }
    this.clock = until
  }

  /** Something that must not matter: told before, late, or of no account. */
  private noise(): Told {
    const { visit } = this.state
    const late = visit === 0 ? -1 : this.dice() % visit
    const kinds: (() => Told | undefined)[] = [
      () => this.told[this.dice() % Math.max(1, this.told.length)],
      () => this.told.at(-1),
      () => ({ type: 'promptFinished', visit: late }),
      () => ({ type: 'promptFailed', visit: late, problem: 'late' }),
      () => ({ type: 'timerElapsed', timer: 'block', visit: late }),
      () => ({ type: 'tonesSubscribed', visit: late }),
      () => ({ type: 'recordingEnded', visit: late, byKey: true }),
      () => ({ type: 'recordingTaken', visit: late, spokenMs: 0 }),
      () => ({ type: 'commandFailed', command: 'play', visit: late, problem: 'late' }),
      () => ({ type: 'commandFailed', command: 'cancelMedia', visit, problem: '409' }),
    ]
    const made = kinds[this.dice() % kinds.length]?.()
    // News of a transfer has no visit: a repetition is recognised before it comes here (follow.ts).
    return made && !made.type.startsWith('transfer') ? made : { type: 'promptFinished', visit: late }
  }

  /** Keys in their order; while some wait for one that is missing, so does a timer. */
  private hears({ tones, told }: Taken) {
    const waited = this.tones.waiting.length > 0
    this.tones = tones
    const waits = tones.waiting.length > 0
    if (!waits || told.length > 0) this.timers = this.timers.filter(({ timer }) => timer !== 'tones')
    if (waits && (!waited || told.length > 0)) {
      this.timers.push({ timer: 'tones', visit: 0, at: this.clock + toneGapMs })
    }
    for (const { tone } of told) this.deliver({ type: 'tonePressed', key: tone })
  }

  private deliver(event: Told) {
    if (event.type === 'keyDelivered') {
      const { key, sequence } = event
      return this.hears(takeTone(this.tones, { sequenceId: sequence, tone: key as Tone })) // only its number counts here
    }
    if (event.type === 'transferFailed' && /^transfer/.test(this.line)) this.line = 'established'
    if (event.type === 'callEstablished' && this.line === 'establishing') this.line = 'established'
    if (event.type === 'commandFailed' && event.command === 'transfer' && event.visit === this.transferring) {
      this.line = 'established'
    }
    const { state, commands, trail } = step(this.program, this.state, event, this.clock)
    this.state = JSON.parse(JSON.stringify(state))
    this.trail.push(...trail)
    for (const command of commands) this.perform(command)
    // At once: keys that are still on their way come behind it.
    for (let refusal = this.refusals.shift(); refusal; refusal = this.refusals.shift()) this.deliver(refusal)
  }

  private takesHangUp(visit: number) {
    const answer = this.hangUpAnswers[this.hangUps++]
    if (answer === 'confirmed') {
      this.queue.push({ type: 'callEnded', reason: { code: 200, subcode: 7000 }, transferred: false })
    } else if (answer === 'refused')
      this.queue.push({ type: 'commandFailed', command: 'hangUp', visit, problem: '503' })
  }

  private refuses({ type, visit }: Command, problem: string) {
    // What cannot be silenced has been played to nobody.
    if (type !== 'cancelMedia') this.refusals.push({ type: 'commandFailed', command: type, visit, problem })
  }

  private perform(command: Command) {
    const { visit } = command
    const problem = refusalOf(this.line, command.type)
    if (problem !== null) return this.refuses(command, problem)
    switch (command.type) {
      case 'play':
        if (!command.more) this.playing = visit
        this.heard.push(...command.prompts)
        break
      case 'record':
        this.recording = visit
        this.heard.push(...command.prompts)
        break
      case 'sendTones':
        this.sending = visit
        break
      case 'takeRecording':
        this.fetching = visit
        break
      case 'cancelMedia':
        this.playing = null
        this.silenced += 1
        break
      case 'startTimer':
        this.timers = this.timers.filter(({ timer }) => timer !== command.timer)
        this.timers.push({ timer: command.timer, visit, at: this.clock + command.ms })
        break
      case 'transfer':
        this.transferring = visit
        this.line = 'transferring'
        this.transferredTo.push(command.target.name)
        break
      case 'hangUp':
        this.takesHangUp(visit)
        break
      case 'lookUp':
      case 'writeRow':
        // Before any key: what comes in between has no place in the reference's world.
        this.deliver(this.tables.answer(command))
        break
      case 'createCallback':
        this.deliver(this.callbacks.answer(command, this.clock))
        break
      case 'request':
        this.asking = visit
        break
      case 'answer':
        this.answers += 1
        this.answering = visit
        this.line = 'establishing'
        break
      case 'reject':
        this.sentAway.push(command.reason)
        this.queue.push({ type: 'callEnded', reason: { code: null, subcode: null }, transferred: false })
        break
      case 'redirect':
        this.sentAway.push(...command.targets.map(({ name }) => name))
        this.line = 'redirecting'
        break
      case 'subscribeTones':
        this.subscribing = visit
        break
      default:
        command satisfies never
    }
  }
}
