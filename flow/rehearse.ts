import { compile, type Program, type ProgramOptions } from './compile.ts'
import type { Flow } from './flow.ts'
import { begin, type CallState, step, type Trace } from './step.ts'
import type { Called, Caller, Command, EndReason, FlowEvent, Person, Timer } from './talk.ts'

/** A call without a telephone: the same `step` as on a real one, with a caller of our making and a clock of our own. */
export class Rehearsal {
  readonly program: Program
  private state: CallState
  private clock: number
  private timers: { timer: Timer; visit: number; at: number }[] = []
  /** Every command so far. */
  readonly asked: Command[] = []
  readonly trail: Trace[] = []
  /** Whom the call was given to. */
  transferredTo: Person | null = null
  private playing: { visit: number; prompts: readonly string[] } | null = null
  private heardSoFar: string[] = []
  private hungUp = false

  constructor(
    flow: Flow,
    options: ProgramOptions = {},
    /** `from`: when the call comes in, in milliseconds since 1970. */
    { from = 0, ...people }: { caller?: Partial<Caller>; called?: Partial<Called>; from?: number } = {},
  ) {
    this.clock = from
    const nobody = { id: '', name: '', phone: '' }
    this.program = compile(flow, options)
    this.state = begin(this.program, {
      caller: { ...nobody, ...people.caller },
      called: { ...nobody, ...people.called },
    })
  }

  /** The call comes in, is answered, and media flows. */
  rings(): this {
    return this.tells({ type: 'callOffered' }).tells({ type: 'callEstablished', audio: true })
  }

  /** What the caller has heard since this was last asked. */
  get hears(): string[] {
    return this.heardSoFar.splice(0)
  }

  get isOver(): boolean {
    return this.state.at === null
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
      this.tells({ type: 'timerElapsed', timer: due.timer, visit: due.visit })
    }
    this.clock = until
    return this
  }

  /** Says nothing until the block gives up waiting. */
  staysSilent(): this {
    this.promptFinishes()
    const due = this.timers.find(({ timer, visit }) => timer === 'block' && visit === this.state.visit)
    return due ? this.waits((due.at - this.clock) / 1000) : this
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

  transferFails(): this {
    return this.tells({ type: 'transferFailed' })
  }

  commandFails(command: Command['type'], problem = 'refused'): this {
    return this.tells({ type: 'commandFailed', command, visit: this.state.visit, problem })
  }

  /** Any event, as it is. */
  tells(event: FlowEvent): this {
    const { state, commands, trail } = step(this.program, this.state, event, this.clock)
    this.state = state
    this.trail.push(...trail)
    for (const command of commands) this.perform(command)
    return this
  }

  private perform(command: Command) {
    this.asked.push(command)
    switch (command.type) {
      case 'subscribeTones':
        this.tells({ type: 'tonesSubscribed', visit: command.visit })
        break
      case 'play':
        this.playing = { visit: command.visit, prompts: command.prompts }
        this.heardSoFar.push(...command.prompts)
        break
      case 'cancelMedia':
        this.playing = null
        break
      case 'startTimer':
        this.timers = this.timers.filter(({ timer }) => timer !== command.timer)
        this.timers.push({ timer: command.timer, visit: command.visit, at: this.clock + command.ms })
        break
      case 'transfer':
        this.transferredTo = command.target
        break
      case 'hangUp':
        this.hungUp = true
        this.tells({ type: 'callEnded', reason: { code: 200, subcode: 7000 }, transferred: false })
        break
      case 'answer':
        break
      default:
        command satisfies never
    }
  }
}

/** Begins a rehearsal with the call answered: the first prompt is playing. */
export const rehearse = (flow: Flow, options?: ProgramOptions): Rehearsal => new Rehearsal(flow, options).rings()
