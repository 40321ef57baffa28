import type { Block, Flow } from '#flow/flow.ts'
import type { Value } from '#flow/values.ts'

/**
 * A second interpreter of flows, written from the rules alone and in another way than `flow/step.ts`: each block is a
 * little script that speaks, waits and leaves, and the clock is a number. It hears an ideal world, in which nothing
 * comes twice, late or in another order. Used to find out where the product departs from the rules.
 */

/** From which all callers call. */
export const callerPhone = '+4930555014'

/** The expressions that the flows of the property are made of, and what they mean. */
export const meanings: Record<string, (values: Record<string, Value>) => Value> = {
  'n + 1': ({ n }) => Number(n) + 1,
  '10 / (n - 2)': ({ n }) => {
    if (n === 2) throw new Fault('error')
    return 10 / (Number(n) - 2)
  },
  '0': () => 0,
  't + "x"': ({ t }) => `${t}x`,
  'entry + t': ({ entry, t }) => `${entry}${t}`,
  '""': () => '',
  '"5550142"': () => '5550142',
  'n > 2': ({ n }) => Number(n) > 2,
  'n % 2 == 0': ({ n }) => Number(n) % 2 === 0,
  'entry == "12"': ({ entry }) => entry === '12',
  't.contains("xx")': ({ t }) => String(t).includes('xx'),
  'double(entry) > 10': ({ entry }) => {
    if (!/[0-9]/.test(String(entry)) || /[*#]/.test(String(entry))) throw new Fault('error')
    return Number(entry) > 10
  },
}

function meaningOf(source: string) {
  const meaning = meanings[source]
  if (!meaning) throw new Error(`no meaning for ${source}`)
  return meaning
}

const escaped = (keys: string): string => keys.replace(/[*]/g, '[*]')
/** The lists that are read out, and what is in them. */
export const lists: Record<string, (values: Record<string, Value>) => Value[]> = {
  '[]': () => [],
  '["one", t]': ({ t = '' }) => ['one', t],
  '[n, n + 1.0, 10.0 / (n - 2.0)]': ({ n }) => {
    if (n === 2) throw new Fault('error')
    return [Number(n), Number(n) + 1, 10 / (Number(n) - 2)]
  },
}

/** One by one, whatever it is: of a number its own digits. */
function readDigits(value: Value): string {
  const text = typeof value === 'number' ? (Number.isInteger(value) && value >= 0 ? `${value}` : 'none') : String(value)
  if (/[^0-9*#]/.test(text)) throw new Fault('error')
  return text.replace(/\*/g, 'star').replace(/#/g, 'hash')
}

/** What is heard of a text: its letters and figures. */
export const heardOf = (...texts: string[]): string => texts.join('').replace(/[^\p{L}\p{N}]/gu, '')

/** The first of these that was typed and can become no longer one; nothing where there is none. */
function answerIn(typed: string, all: readonly string[]): string {
  for (let n = 1; n <= typed.length; n += 1) {
    const keys = typed.slice(0, n)
    if (all.some((one) => one !== keys && one.startsWith(keys))) continue
    return [keys, keys.slice(0, -1)].find((one) => all.includes(one)) ?? ''
  }
  return ''
}

/** Digits one by one, numbers with their thousands, texts as they stand. */
function read(name: string, value: Value): string {
  if (typeof value !== 'number')
    return name === 'entry' ? String(value).replace(/\*/g, 'star').replace(/#/g, 'hash') : String(value)
  const size = Math.abs(value).toLocaleString('en-US', { maximumFractionDigits: 6 })
  return value < 0 && size !== '0' ? `minus ${size}` : size
}

type Settings = Record<string, unknown>
type Happening =
  | { type: 'established'; audio: boolean }
  | { type: 'answerRefused' | 'subscribed' | 'subscriptionRefused' | 'promptEnds' | 'promptFails' | 'keys' | 'time' }
  | { type: 'recorded'; byKey: boolean }
  | { type: 'nothingSaid' | 'recordFails' | 'fileFails' }
  | { type: 'fileComes'; spokenMs: number }
  | { type: 'responded'; how: number | string }
  | { type: 'requestRefused' }
  | { type: 'tonesSent' | 'tonesRefused' }
  | { type: 'transferAccepted' | 'transferFailed' | 'transferRefused' }
  | { type: 'ended'; transferred: boolean }
/** What the running script would wake up for. The end of the call wakes it always. */
type Want = { for: readonly Happening['type'][]; until?: number }
type Script<Result> = Generator<Want, Result, Happening>

/** A block cannot go on. */
class Fault extends Error {
  readonly exit: 'error' | 'limit'
  /** It went well, and its way out leads nowhere: that is the flow's failure and not the block's. */
  readonly leadsNowhere: boolean
  constructor(exit: 'error' | 'limit', leadsNowhere = false) {
    super(exit)
    this.exit = exit
    this.leadsNowhere = leadsNowhere
  }
}
/** The caller has left. */
class Gone extends Error {
  readonly exit: string
  /** Where it is tidied up, in place of the hang-up path. */
  readonly next: string | null
  constructor(exit = 'hangup', next: string | null = null) {
    super(exit)
    this.exit = exit
    this.next = next
  }
}
/** A key that works anywhere was pressed. */
class Elsewhere extends Error {
  readonly keys: string
  readonly block: string
  constructor(keys: string, block: string) {
    super(keys)
    this.keys = keys
    this.block = block
  }
}
/** Nothing has answered the call in time. */
class RangTooLong extends Error {}

/** Kinds that need no caller and wait for nothing but the database. */
const deciding = [
  ...['branch', 'businessHours', 'percentageSplit', 'loop', 'setVariable', 'milestone'],
  ...['tableLookUp', 'tableUpdate', 'createCallback'],
]

const apology = '$apology'
const theEnd = '$hangUp'
const answersFirst = '$answer'

type Noted = { number: string; reason: string; owner: string; due: number; since: number; times: number }

type HandedOver = { person?: { name: string }; queue?: { name: string }; number?: string; announcement: string }

type ListSettings = {
  list: string
  intro: string
  item: string
  nextKey: string
  previousKey: string
  repeatKey: string
  chooseKey: string
  stopKey: string
  variable: string
  goesOn: string
  pauseSeconds: number
  noInputRetries: number
  noInputPrompt: string
  typeAhead: boolean
}

type CallSettings = {
  flow: { id: string; version: number | null; exits: string[] }
  parameters: { name: string; value: string }[]
  results: { name: string; variable: string }[]
}
/** Flows that may be entered, by id; `prefix` stands before the names of their blocks. */
type Others = Record<string, { flow: Flow; prefix: string }>
/** Where a flow waits that has called another one. */
type Waiting = {
  flow: Flow
  prefix: string
  values: Record<string, Value>
  failing: boolean
  way: string[]
  here: string
  from: string
}
/** What a sub-flow goes back with. */
type Back = { exit: string; values: Record<string, Value> }
/** A sub-flow has failed, and leaves it to whoever has called it. */
class Failed extends Error {}
/** The call came to its end in a sub-flow. */
class Over extends Error {}
/** On in another flow, and not back. */
class GoesTo extends Error {
  readonly id: string
  constructor(id: string) {
    super(id)
    this.id = id
  }
}

const firstValues = (flow: Flow): Record<string, Value> =>
  Object.fromEntries(Object.entries(flow.variables).map(([name, { initial = '' }]) => [name, initial]))
const isSound = (block: Block | undefined): boolean => {
  if (!block || block.type === 'fromTheFuture') return false
  const hasKeys = block.type === 'menu' || block.type === 'keysAnywhere'
  const keys = hasKeys ? (block.settings.options as { key: string }[]).map(({ key }) => key) : []
  if (block.type === 'keysAnywhere' && block.settings.where === 'only' && String(block.settings.blocks) === '')
    return false
  return new Set(keys).size === keys.length
}
const isMain = (flow: Flow): boolean => flow.blocks[flow.start]?.type === 'incomingCall'
const flowOf = (block: Block): string => (block.settings.flow as { id: string }).id

export class ReferenceCall {
  /** `>block` when a block is entered, `block:exit` when it is left. */
  readonly visited: string[] = []
  readonly heard: string[] = []
  readonly transferredTo: string[] = []
  readonly sentAway: string[] = []
  /** How often the call was answered. */
  answers = 0
  values: Record<string, Value>
  hangUps = 0
  /** Prompts that a key cut short. */
  silenced = 0
  isOver = false
  /** The flow that the call is in. */
  private flow: Flow
  /** Those that may be entered, by id, each with what its blocks are called here. */
  private readonly others: Others
  /** Before the names of its blocks; none in the flow that answered. */
  private prefix = ''
  /** Who waits for this flow. */
  private readonly waiting: Waiting[] = []
  private readonly maxSteps: number
  /** The flow that the call began with. */
  private readonly root: Flow
  /** How the telephone takes the first and the second request to hang up. */
  private readonly hangUpAnswers: readonly string[]
  private clock = 0
  private steps = 0
  /** The table of random flows, of this call alone. */
  private readonly rows: { k: number | null; v: string }[] = [
    { k: 0, v: 'none' },
    { k: 2, v: '' },
    { k: 0, v: 'again' },
  ]
  /** Who is to be called back, and when at the latest. */
  readonly callbacks: { list: Noted[] } = { list: [] }
  private rounds = new Map<string, number>()
  private typed = ''
  private mayFollow = ''
  private late: { groups: string[]; at: number; gapMs: number } | null = null
  private want: Want = { for: [] }
  /** Nothing can be said to a caller who is on the way to somebody else. */
  private onTheWay = false
  private line: 'ringing' | 'answering' | 'up' | 'lost' | 'leaving' = 'ringing'
  private audible = false
  private deadline: { at: number; rejects: boolean } | null = null
  private failing = false
  /** Where the caller is, and where they came from but for keys that work anywhere; the menus on the way here. */
  private here = ''
  private from = ''
  private way: string[] = []
  private pressed: string | null = null
  /** What a block calls something of its own in its prompts. */
  private named: () => Record<string, string> = () => ({})
  private readonly script: Script<void>

  constructor(flow: Flow, maxSteps: number, hangUpAnswers: readonly string[], others: Others = {}) {
    this.flow = flow
    this.others = others
    this.maxSteps = maxSteps
    this.root = flow
    this.hangUpAnswers = hangUpAnswers
    this.values = firstValues(flow)
    this.script = this.whole()
    this.resume(() => this.script.next())
  }

  get at(): string | undefined {
    return this.isOver ? undefined : this.visited.findLast((line) => line.startsWith('>'))?.slice(1)
  }
  /** True while keys wait for one that the network lost. */
  get waitsForKey(): boolean {
    return this.late !== null
  }

  get isTransferring(): boolean {
    return !this.isOver && this.want.for.includes('transferFailed')
  }

  hears(what: Happening) {
    if (what.type === 'established') {
      this.line = 'up'
      this.audible ||= what.audio
    }
    if (what.type === 'answerRefused') this.line = 'lost'
    if (what.type === 'transferFailed' || what.type === 'transferRefused') this.onTheWay = false
    if (this.isOver || (what.type !== 'ended' && !this.want.for.includes(what.type))) return
    if (what.type !== 'keys') this.mayFollow = ''
    this.rounds.clear()
    this.resume(() => this.script.next(what))
  }

  presses(keys: string) {
    if (this.late) {
      this.late.groups.push(`${this.late.groups.pop()}${keys}`)
      return
    }
    for (const key of keys) {
      const meant = !this.mayFollow.includes(key)
      this.mayFollow = ''
      if (meant && this.typed.length < 50) this.typed += key
      if (this.typed !== '') this.hears({ type: 'keys' })
    }
  }

  /** A key was lost before these: they are heard when the wait for it is over, and each further gap is waited for as long. */
  pressesAfterLoss(keys: string, gapMs: number) {
    if (this.late) this.late.groups.push(keys)
    else this.late = { groups: [keys], at: this.clock + gapMs, gapMs }
  }

  passes(ms: number) {
    const until = this.clock + ms
    for (;;) {
      const rings = this.isOver ? Infinity : (this.want.until ?? Infinity)
      const heard = this.late?.at ?? Infinity
      const late = this.deadline?.at ?? Infinity
      if (Math.min(rings, heard, late) > until) break
      this.clock = Math.min(rings, heard, late)
      if (late <= rings && late < heard) {
        this.ringsTooLong()
        continue
      }
      if (this.late && heard <= rings) {
        const [keys = '', ...groups] = this.late.groups
        const { gapMs } = this.late
        this.late = null
        this.presses(keys)
        if (groups.length > 0) this.late = { groups, at: this.clock + gapMs, gapMs }
      } else this.hears({ type: 'time' })
    }
    this.clock = until
  }

  private ringsTooLong() {
    const rejects = this.deadline?.rejects
    this.deadline = null
    const isEnding =
      ['hangUp', 'reject', 'redirect'].includes(this.block(this.at ?? '')?.type ?? '') || this.at === theEnd
    if (this.isOver || this.line !== 'ringing' || this.failing || isEnding) return
    if (!rejects) this.answerCall()
    else {
      this.rounds.clear()
      this.resume(() => this.script.throw(new RangTooLong()))
    }
  }

  private answerCall() {
    this.line = 'answering'
    this.answers += 1
  }

  private resume(go: () => IteratorResult<Want, void>) {
    const { done, value } = go()
    if (done) this.isOver = true
    else this.want = value
  }

  private *whole(): Script<void> {
    for (;;) {
      try {
        // Nobody waits for a sub-flow that begins a call.
        const back = yield* this.conversation(this.flow.start)
        if (back) yield* this.conversation(theEnd)
        return
      } catch (error) {
        if (error instanceof Over) return
        if (error instanceof GoesTo) {
          this.waiting.length = 0
          this.begin(error.id)
          continue
        }
        if (!(error instanceof Gone)) throw error
        this.deadline = null // nobody rings any more
        this.visited.push(`${this.at}:${error.exit}`)
        this.rounds.clear()
        while (error.next === null && this.flow.onHangUp === null && this.waiting.length > 0) this.goBack()
        const first = error.next ?? this.flow.onHangUp
        if (first !== null && this.canRun(first)) yield* this.tidyUp(first)
        return
      }
    }
  }

  /** A flow from here on. Gives what it goes back with, if it is one that does. */
  private *conversation(first: string): Script<Back | null> {
    let id = first
    for (;;) {
      this.enter(id)
      try {
        if (id !== theEnd) this.guard(id, this.failing ? 50 : 0)
        this.remember(id)
        const exit = yield* this.run(id)
        this.left(id, exit)
        const block = this.block(id)
        if (block?.type === 'goToFlow') throw new GoesTo(flowOf(block))
        if (block?.type === 'subFlowEnd') return { exit, values: this.given(block.settings.gives as string[]) }
        if (id === theEnd || this.ends(id) || (exit === 'done' && this.isTransfer(id))) return null
        const next = exit === 'back' ? (this.way.findLast((menu) => menu !== this.from) ?? null) : this.after(id, exit)
        if (next === null) throw new Fault('error', true)
        if (exit === 'missed' && !this.failing) {
          yield* this.tidyUp(next)
          return null
        }
        id = next
      } catch (error) {
        if (error instanceof RangTooLong) {
          this.left(id, 'limit')
          this.failing = true
          id = theEnd
          continue
        }
        if (error instanceof Elsewhere) {
          this.left(id, 'anywhere')
          this.pressed = error.keys
          id = error.block
          continue
        }
        if (!(error instanceof Fault)) throw error
        this.left(id, error.exit)
        const mayHandle = error.exit === 'error' && !error.leadsNowhere && this.canRun(id)
        const own = mayHandle ? this.block(id)?.exits.error : undefined
        if (own !== undefined) {
          id = own
          continue
        }
        this.rounds.clear()
        const { onError } = this.flow
        // A sub-flow that has no path for it leaves it to the block that has called it.
        if (this.waiting.length > 0 && (onError === null || !this.canRun(onError))) throw new Failed()
        const words = this.flow.apology === '' ? theEnd : apology
        const isUnanswered = this.line === 'ringing' || this.line === 'answering'
        id = this.failing
          ? error.leadsNowhere && id !== apology
            ? words
            : theEnd
          : isUnanswered
            ? answersFirst
            : this.failurePath()
        this.failing = true
      }
    }
  }

  private failurePath(): string {
    const { onError, apology: said } = this.flow
    if (onError !== null && this.canRun(onError)) return onError
    return said === '' ? theEnd : apology
  }

  private ends(id: string): boolean {
    return ['hangUp', 'reject', 'redirect', 'goToFlow', 'subFlowEnd'].includes(this.block(id)?.type ?? '')
  }

  /** The hang-up path: nothing in it waits but for services. */
  private *tidyUp(first: string): Script<void> {
    let next: string | null = first
    while (next !== null) {
      const id: string = next
      next = null
      this.enter(id)
      const type = this.block(id)?.type
      if (this.ends(id) && this.canRun(id)) return
      try {
        if (![...deciding, 'httpRequest'].includes(type ?? '')) throw new Fault('error')
        this.guard(id, 100)
        const exit = type === 'httpRequest' ? yield* this.request(id, false) : this.decide(id)
        this.left(id, exit)
        next = this.after(id, exit)
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        this.left(id, error.exit)
        if (error.exit === 'error' && this.canRun(id) && !this.needsCaller(id))
          next = this.block(id)?.exits.error ?? null
      }
    }
  }

  private enter(id: string) {
    const isKeys = this.block(this.here)?.type === 'keysAnywhere' && this.canRun(this.here)
    if (!isKeys) this.from = this.here
    this.here = id
    this.visited.push(`>${this.prefix}${id}`)
    this.steps += 1
  }

  private left(id: string, exit: string) {
    this.visited.push(`${this.prefix}${id}:${exit}`)
  }

  private begin(id: string) {
    const other = this.others[id]
    if (!other) throw new Error(`no flow ${id}`)
    this.flow = other.flow
    this.prefix = other.prefix
    if (this.steps <= this.maxSteps) this.failing = false
    this.values = firstValues(other.flow)
    this.way = []
    this.here = ''
    this.from = ''
  }

  private goBack() {
    Object.assign(this, this.waiting.pop())
  }

  /** Lets another flow take over until it comes back. */
  private *calls({ flow: chosen, parameters, results }: CallSettings): Script<string> {
    const given = parameters.map(({ name, value }) => [name, meaningOf(value)(this.values)] as const)
    const other = this.others[chosen.id]
    const isThere = chosen.version === null || chosen.version === 1
    if (!other || !isThere || isMain(other.flow) || this.waiting.length === 10) throw new Fault('error')
    const wanted = other.flow.blocks[other.flow.start]?.settings.parameters as { required: boolean }[]
    const isMissing = wanted.some(({ required }) => required) && given.length === 0
    if (isMissing || given.some(([, value]) => typeof value !== 'number')) throw new Fault('error')
    const { flow, prefix, values, failing, way, here, from } = this
    this.waiting.push({ flow, prefix, values, failing, way, here, from })
    this.begin(chosen.id)
    Object.assign(this.values, Object.fromEntries(given))
    let back: Back | null
    try {
      back = yield* this.conversation(this.flow.start)
    } catch (error) {
      if (!(error instanceof Failed)) throw error
      this.goBack()
      throw new Fault('error')
    }
    if (!back) throw new Over()
    this.goBack()
    if (!chosen.exits.includes(back.exit)) throw new Fault('error')
    for (const { name, variable } of results) if (name in back.values) this.values[variable] = back.values[name] ?? ''
    return back.exit
  }

  private given(gives: readonly string[]): Record<string, Value> {
    return Object.fromEntries(gives.map((name) => [name, this.values[name] ?? '']))
  }

  /** No call goes on for ever, and none goes round without speaking or listening. */
  private guard(id: string, extra: number) {
    if (this.steps > this.maxSteps + extra) throw new Fault('limit')
    const place = `${this.prefix}${id}`
    const round = (this.rounds.get(place) ?? 0) + 1
    this.rounds.set(place, round)
    if (round > 20) throw new Fault('limit')
  }

  private remember(id: string) {
    if (this.block(id)?.type !== 'menu') return
    if (this.way.includes(id)) this.way = this.way.slice(0, this.way.indexOf(id))
    this.way.push(id)
  }

  /** The keys that work at a block though they are none of its own, and which block says where each leads. */
  private elsewhere(id: string): Map<string, string> {
    const keys = new Map<string, string>()
    for (const [block, { type, settings, exits }] of Object.entries(this.flow.blocks).reverse()) {
      if (type !== 'keysAnywhere') continue
      const { options, where, blocks } = settings as { options: { key: string }[]; where: string; blocks: string[] }
      const works = { everywhere: true, only: blocks.includes(id), except: !blocks.includes(id) }[where]
      for (const { key } of options) if (works && exits[key] !== id) keys.set(key, block)
    }
    return keys
  }

  private block(id: string): Block | undefined {
    return this.flow.blocks[id]
  }
  private isTransfer(id: string): boolean {
    return this.block(id)?.type.startsWith('transferTo') === true
  }
  private needsCaller(id: string): boolean {
    return ![...deciding, 'httpRequest', 'hangUp'].includes(this.block(id)?.type ?? '')
  }

  /** Unknown kinds and menus with a key twice are all that is wrong in the flows of the property. */
  private canRun(id: string): boolean {
    if ([apology, theEnd, answersFirst].includes(id)) return true
    return isSound(this.block(id))
  }

  private after(id: string, exit: string): string | null {
    const own: Record<string, Record<string, string>> = {
      [apology]: { done: theEnd },
      [answersFirst]: { next: this.failurePath() },
    }
    const exits: Record<string, string> = own[id] ?? this.block(id)?.exits ?? {}
    const standIn: Record<string, string> = {
      ...{ interrupted: 'done', maxRetries: 'noInput', holiday: 'closed', tooShort: 'noAudio', merged: 'created' },
      ...{ timeout: 'network', badBody: 'network', stopped: 'finished', empty: 'finished', noInput: 'finished' },
    }
    return exits[exit] ?? exits[standIn[exit] ?? ''] ?? null
  }

  /** What stands before the answer, or says how it comes. */
  private *begins({ type, settings: set, exits }: Block): Script<string> {
    switch (type) {
      case 'subFlowStart':
        // Who comes from another flow was answered there.
        if (this.prefix !== '' && this.line !== 'ringing') return 'next'
        if (this.line === 'ringing') this.answerCall()
        return yield* this.incoming()
      case 'incomingCall':
        if (this.prefix !== '' && this.line !== 'ringing') return 'next'
        if (set.answers === false) {
          this.deadline = { at: this.clock + 12_000, rejects: set.late === 'reject' }
          return 'next'
        }
        this.answerCall()
        return yield* this.incoming()
      case 'answer':
        return yield* this.answer(exits)
      case 'reject':
        this.sendAway([String(set.reason)])
        return 'done'
      case 'redirect': {
        this.sendAway(['Adele Vance'])
        const seconds = (set.seconds as number | null) ?? 55 // one target, by flows.ts
        const what = yield* this.wait(['ended', 'time'], this.clock + (seconds + 15) * 1000)
        return what.type === 'ended' ? 'done' : 'lost'
      }
      default:
        throw new Fault('error')
    }
  }

  private *run(id: string): Script<string> {
    this.named = () => ({})
    const { pressed } = this
    this.pressed = null
    if (id === theEnd) return yield* this.hangUp({ prompt: '' })
    if (id === apology)
      return yield* this.play({
        prompts: [this.flow.apology.replaceAll('${', '{')],
        bargeIn: 'off',
        keys: '',
        typeAhead: true,
      })
    if (id === answersFirst) return yield* this.answer({})
    const block = this.block(id)
    if (!block || !this.canRun(id)) throw new Fault('error')
    const set: Settings = block.settings
    switch (block.type) {
      case 'callFlow':
        return yield* this.calls(set as unknown as CallSettings)
      case 'goToFlow': {
        const other = this.others[flowOf(block)]
        if (!other || !isMain(other.flow)) throw new Fault('error')
        return 'done'
      }
      case 'subFlowEnd':
        return String(set.exit)
      case 'subFlowStart':
      case 'incomingCall':
      case 'answer':
      case 'reject':
      case 'redirect':
        return yield* this.begins(block)
      case 'play':
        return yield* this.play(set as Parameters<ReferenceCall['play']>[0])
      case 'holdMusic':
        return yield* this.hold(set as Parameters<ReferenceCall['hold']>[0])
      case 'menu':
        return yield* this.menu(set as Parameters<ReferenceCall['menu']>[0])
      case 'collectDigits':
        return yield* this.collect(set as Parameters<ReferenceCall['collect']>[0])
      case 'recordMessage':
        return yield* this.record(set as Parameters<ReferenceCall['record']>[0])
      case 'confirm':
        return yield* this.confirm(set as Parameters<ReferenceCall['confirm']>[0])
      case 'readList':
        return yield* this.readList(set as Parameters<ReferenceCall['readList']>[0])
      case 'transferToPerson':
      case 'transferToNumber':
      case 'transferToQueue':
        return yield* this.transfer(set as Parameters<ReferenceCall['transfer']>[0])
      case 'sendDtmf':
        return yield* this.sendTones(String(set.tones))
      case 'httpRequest':
        return yield* this.request(id, true)
      case 'wait':
        return yield* this.pause(this.clock + Number(set.seconds) * 1000)
      case 'keysAnywhere':
        if (pressed === null) throw new Fault('error')
        return pressed
      case 'backToMenu':
        return this.way.some((menu) => menu !== this.from) ? 'back' : 'none'
      case 'hangUp':
        return yield* this.hangUp(set as Parameters<ReferenceCall['hangUp']>[0])
      default:
        return this.decide(id)
    }
  }

  private *wait(...want: [readonly Happening['type'][], number?]): Script<Happening> {
    const [events, until] = want
    const what = yield { for: events, ...(until === undefined ? {} : { until }) }
    if (what.type === 'ended' && !events.includes('ended')) throw new Gone()
    const failures = ['promptFails', 'fileFails', 'answerRefused', 'subscriptionRefused']
    if (failures.includes(what.type)) throw new Fault('error')
    return what
  }

  /** Says this; true when it was heard to the end, false when a key came. */
  private *say(texts: readonly string[], keysWork: boolean, unheardMs = 0): Script<boolean> {
    // A key that is there already is taken before anybody says that nothing could be spoken.
    if (this.isDeaf && keysWork && this.typed !== '') return false
    if (!this.speak(texts)) return true
    const heardFrom = this.clock + unheardMs
    while (!(keysWork && this.typed !== '')) {
      const what = yield* this.wait(keysWork ? ['promptEnds', 'promptFails', 'keys'] : ['promptEnds', 'promptFails'])
      if (what.type === 'promptEnds') return true
      if (this.clock < heardFrom) this.forget()
    }
    this.silenced += 1
    return false
  }

  /** The caller is on the way to somebody else, or was not answered. */
  private get isDeaf(): boolean {
    return this.onTheWay || this.line !== 'up'
  }

  /** False when there is nothing to say. */
  private speak(texts: readonly string[]): boolean {
    const filled = this.filled(texts)
    if (texts.some((text) => text.includes('${')) && heardOf(...filled) === '') return false
    if (this.isDeaf) {
      this.isRefused()
      throw new Fault('error')
    }
    this.heard.push(...filled)
    return true
  }

  /** None where a value cannot be said: silence, for what may be left out. */
  private sayable(text: string): string[] {
    try {
      return this.filled([text])
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      return []
    }
  }

  private filled(texts: readonly string[]): string[] {
    const names = this.named()
    const meaningOf = (source: string) => this.values[source] ?? meanings[source]?.(this.values) ?? 'unknown'
    const wordsOf = (source: string) => {
      const words = names[source] ?? read(source, meaningOf(source))
      // So much is not spoken while somebody waits.
      if (words.length > 500) throw new Fault('error')
      return words
    }
    return texts.map((text) => text.replace(/\$\{(.*?)\}/g, (_, source: string) => wordsOf(source)))
  }

  /** What the service refuses is news like any other: what comes now is no circle without a wait. */
  private isRefused() {
    this.rounds.clear()
    this.mayFollow = ''
  }

  private take(): string {
    const key = this.typed.slice(0, 1)
    this.typed = this.typed.slice(1)
    this.rounds.clear()
    return key
  }

  private forget() {
    if (this.typed !== '') this.rounds.clear()
    this.typed = ''
  }

  /** Goes on where a call was answered, also over the head of the flow. */
  private *answer(exits: Record<string, string>): Script<string> {
    if (this.line === 'ringing') this.answerCall()
    try {
      if (this.line === 'lost') throw new Fault('error')
      return yield* this.incoming()
    } catch (error) {
      const missed = exits.missed
      if (missed === undefined || this.line === 'up') throw error
      if (error instanceof Gone) throw new Gone('missed', missed)
      if (error instanceof Fault) return 'missed'
      throw error
    }
  }

  private sendAway(how: readonly string[]) {
    if (this.line !== 'ringing') {
      this.isRefused()
      throw new Fault('error')
    }
    this.line = 'leaving'
    this.sentAway.push(...how)
  }

  private *incoming(): Script<string> {
    let grace = this.line === 'up' && !this.audible ? this.clock + 3000 : undefined
    while (!this.audible) {
      const what = yield* this.wait(['established', 'answerRefused', 'time'], grace)
      if (what.type === 'established' && !what.audio) grace ??= this.clock + 3000
      else break
    }
    // Keys are asked for once a call, for whatever flow it may come to.
    const all = [this.root, ...Object.values(this.others).map(({ flow }) => flow)]
    const listens = all
      .flatMap(({ blocks }) => Object.values(blocks))
      .filter(isSound)
      .some(
        ({ type, settings }) =>
          ['menu', 'collectDigits', 'confirm', 'readList', 'keysAnywhere'].includes(type) ||
          (type === 'holdMusic' && String(settings.options) !== '') ||
          (type === 'play' && settings.bargeIn !== 'off'),
      )
    if (listens) yield* this.wait(['subscribed', 'subscriptionRefused'])
    return 'next'
  }

  private *play(set: { prompts: string[]; bargeIn: string; keys: string; typeAhead: boolean }): Script<string> {
    if (!set.typeAhead) this.forget()
    const cut = () =>
      [...this.typed].some((key) => set.bargeIn === 'anyKey' || (set.bargeIn === 'keys' && set.keys.includes(key)))
    if (cut()) return 'interrupted'
    const listens = set.bargeIn !== 'off' && this.typed === ''
    for (let said = 0; said < set.prompts.length; said += 20) {
      if (!this.speak(set.prompts.slice(said, said + 20))) continue
      for (;;) {
        const what = yield* this.wait(['promptEnds', 'promptFails', 'keys'])
        if (what.type === 'promptEnds') break
        if (listens) this.leaveBy((keys) => set.bargeIn !== 'keys' || !set.keys.includes(keys.charAt(0)))
        if (!cut()) continue
        this.silenced += 1
        return 'interrupted'
      }
    }
    if (!set.typeAhead) this.forget()
    return 'done'
  }

  /** While nothing is asked: away by a key that works anywhere, if it is the first that waits to be read. */
  private leaveBy(works: (keys: string) => boolean, isPlaying = true) {
    for (const [keys, block] of this.elsewhere(this.here)) {
      if (!this.typed.startsWith(keys) || !works(keys)) continue
      for (const _ of keys) this.take()
      if (isPlaying) this.silenced += 1
      throw new Elsewhere(keys, block)
    }
  }

  private *pause(until: number): Script<string> {
    const keys = [...this.elsewhere(this.here).keys()]
    let listens = this.typed === '' && keys.length > 0
    for (;;) {
      const what = yield* this.wait(listens ? ['time', 'keys'] : ['time'], until)
      if (what.type === 'time') return 'done'
      this.leaveBy(() => true, false)
      listens = keys.some((one) => one.startsWith(this.typed))
    }
  }

  /** Keys, one by one, until no further one could make another answer of them or none comes; empty when nothing was pressed. */
  private *typeAnswer(
    isAnswer: (keys: string) => boolean,
    mayGoOn: (keys: string) => boolean,
    seconds: number,
    further: number,
  ): Script<string> {
    let keys = ''
    for (;;) {
      if (this.typed === '') yield* this.wait(['keys', 'time'], this.clock + (keys === '' ? seconds : further) * 1000)
      if (this.typed === '') return keys
      const [key = ''] = this.typed
      // A key that makes no answer of those before it belongs to whoever asks next, if they were one.
      if (!mayGoOn(keys + key) && !isAnswer(keys + key) && isAnswer(keys)) return keys
      this.take()
      keys += key
      if (!mayGoOn(keys)) return keys
    }
  }

  /** Asks until there is an answer or the tries are used up. `listen` gives an exit, or why there is none. */
  private *ask(
    set: {
      prompt: string
      bargeIn: boolean
      typeAhead: boolean
      noInputRetries: number
      noInputPrompt: string
      maxRetries: number | null
      maxRetriesPrompt: string
    },
    wrong: { exit: string; retries: number; prompt: string },
    listen: () => Script<string>,
    unheardMs = 0,
  ): Script<string> {
    if (!set.typeAhead || !set.bargeIn) this.forget()
    const failures: string[] = []
    let words: string[] = this.typed === '' ? [set.prompt] : []
    for (;;) {
      if (words.length > 0) {
        if (!set.bargeIn) this.forget()
        // What was typed before the first words does not answer them, nor while they begin.
        const toTheEnd = yield* this.say(words, set.bargeIn, failures.length === 0 && !set.typeAhead ? unheardMs : 0)
        if (toTheEnd && !set.bargeIn && !set.typeAhead) this.forget()
      }
      const result = yield* listen()
      if (result !== 'noInput' && result !== wrong.exit) return result
      failures.push(result)
      const [retries, prompt] =
        result === 'noInput' ? [set.noInputRetries, set.noInputPrompt] : [wrong.retries, wrong.prompt]
      if (failures.filter((failure) => failure === result).length > retries) return result
      if (set.maxRetries !== null && failures.length > set.maxRetries) {
        if (set.maxRetriesPrompt !== '') yield* this.say([set.maxRetriesPrompt], false)
        return 'maxRetries'
      }
      words = prompt === '' ? [set.prompt] : [prompt, set.prompt]
    }
  }

  private *menu(
    set: Parameters<ReferenceCall['ask']>[0] & {
      options: { key: string }[]
      waitSeconds: number
      furtherSeconds: number
      extensionVariable: string
      extensionDigits: number
      anyKey: boolean
      noMatchRetries: number
      noMatchPrompt: string
    },
  ): Script<string> {
    const call = this
    const wrong = { exit: 'noMatch', retries: set.noMatchRetries, prompt: set.noMatchPrompt }
    /** Everything that callers may type here; of an extension only its form. */
    const answers = new Map<string, RegExp>(set.options.map(({ key }) => [key, new RegExp(`^${escaped(key)}$`)]))
    if (set.extensionVariable !== '') answers.set('extension', new RegExp(`^[0-9]{${set.extensionDigits}}$`))
    const elsewhere = this.elsewhere(this.here)
    for (const keys of elsewhere.keys()) answers.set(`anywhere ${keys}`, new RegExp(`^${escaped(keys)}$`))
    const isAnswer = (keys: string) => [...answers].find(([, form]) => form.test(keys))?.[0]
    const mayGoOn = (keys: string) =>
      [...set.options.map(({ key }) => key), ...elsewhere.keys()].some((key) => key !== keys && key.startsWith(keys)) ||
      (set.extensionVariable !== '' && /^[0-9]+$/.test(keys) && keys.length < set.extensionDigits)
    return yield* this.ask(set, wrong, function* () {
      const keys = yield* call.typeAnswer(
        (typed) => isAnswer(typed) !== undefined,
        mayGoOn,
        set.waitSeconds,
        set.furtherSeconds,
      )
      return keys === '' ? 'noInput' : verdict(keys)
    })

    function verdict(keys: string): string {
      const answer = isAnswer(keys)
      const led = answer?.startsWith('anywhere') ? elsewhere.get(keys) : undefined
      if (led !== undefined) throw new Elsewhere(keys, led)
      if (answer === 'extension') call.values[set.extensionVariable] = keys
      return answer ?? (set.anyKey ? 'anyKey' : 'noMatch')
    }
  }

  private *collect(
    set: Parameters<ReferenceCall['ask']>[0] & {
      variable: string
      minDigits: number
      maxDigits: number
      terminators: string
      clearKey: string
      format: string
      allowed: string[]
      firstDigitSeconds: number
      interDigitSeconds: number
      invalidRetries: number
      invalidPrompt: string
    },
  ): Script<string> {
    const call = this
    const wrong = { exit: 'invalid', retries: set.invalidRetries, prompt: set.invalidPrompt }
    const elsewhere = this.elsewhere(this.here)
    const signs = [...elsewhere.keys()].filter((keys) => /[*#]/.test(keys))
    return yield* this.ask(set, wrong, function* () {
      let digits = ''
      let endedByKey = false
      let last = ''
      while (digits.length < set.maxDigits) {
        const seconds = digits === '' ? set.firstDigitSeconds : set.interDigitSeconds
        if (call.typed === '') yield* call.wait(['keys', 'time'], call.clock + seconds * 1000)
        if (call.typed === '') {
          if (digits === '') return 'noInput'
          break
        }
        const key = call.take()
        endedByKey = set.terminators.includes(key)
        if (endedByKey) last = key
        if (endedByKey) break
        if (key === set.clearKey) digits = ''
        else if (!/[A-D]/.test(key)) digits += key
        // With star or hash it is no number: it counts as soon as it can become no longer one.
        endedByKey = signs.includes(digits) && !signs.some((keys) => keys !== digits && keys.startsWith(digits))
        if (endedByKey) break
      }
      if (!endedByKey) call.expectTerminator(set.terminators)
      const fits = digits === '' || set.format === 'any' || set.allowed.includes(digits)
      const right = digits.length >= set.minDigits && fits
      for (const keys of right && !signs.includes(digits) ? [] : [digits + last, digits]) {
        const led = elsewhere.get(keys)
        if (led !== undefined) throw new Elsewhere(keys, led)
      }
      if (!right) return digits === '' ? 'noInput' : 'invalid'
      call.values[set.variable] = digits
      return 'collected'
    })
  }

  private *confirm(
    set: Parameters<ReferenceCall['ask']>[0] & {
      value: string
      style: string
      acceptKey: string
      redoKey: string
      waitSeconds: number
      noMatchRetries: number
      noMatchPrompt: string
    },
  ): Script<string> {
    const call = this
    const wrong = { exit: 'noMatch', retries: set.noMatchRetries, prompt: set.noMatchPrompt }
    this.named = () => {
      const value = this.values[set.value] ?? meanings[set.value]?.(this.values) ?? ''
      return { value: set.style === 'digits' ? readDigits(value) : read(set.value, value) }
    }
    const elsewhere = this.elsewhere(this.here)
    const own = [set.acceptKey, set.redoKey]
    const all = [...own, ...elsewhere.keys()]
    function* listen() {
      const key = yield* call.typeAnswer(
        (keys) => all.includes(keys),
        (keys) => all.some((one) => one !== keys && one.startsWith(keys)),
        set.waitSeconds,
        2,
      )
      if (key === '') return 'noInput'
      const led = own.includes(key) ? undefined : elsewhere.get(key)
      if (led !== undefined) throw new Elsewhere(key, led)
      return key === set.acceptKey ? 'accepted' : key === set.redoKey ? 'redo' : 'noMatch'
    }
    const answer = yield* this.ask(set, wrong, listen, 1000)
    return ['accepted', 'redo'].includes(answer) ? answer : 'gaveUp'
  }

  private *readList(set: ListSettings): Script<string> {
    const all = lists[set.list]?.(this.values) ?? []
    if (!set.typeAhead) this.forget()
    if (all.length === 0) return 'empty'
    const own = [set.nextKey, set.previousKey, set.repeatKey, set.chooseKey, set.stopKey].filter((key) => key !== '')
    let at = 0
    let asked = 0
    let first = [set.intro]
    for (;;) {
      const named = { item: read('', all[at] ?? ''), position: `${at + 1}`, count: `${all.length}` }
      this.named = () => named
      const texts = [...first, set.item].filter((text) => text !== '')
      const key = yield* this.readOne(texts, own, set.pauseSeconds * 1000)
      if (key === '') {
        first = []
        continue
      }
      asked = key === null ? asked + 1 : 0
      first = key === null && set.goesOn === 'waits' ? [set.noInputPrompt] : []
      if (key === null && set.goesOn === 'waits') {
        if (asked > set.noInputRetries) return 'noInput'
        continue
      }
      if (key === set.stopKey) return 'stopped'
      if (key !== null && key === set.chooseKey) {
        const chosen = all[at] ?? ''
        if (typeof chosen !== (set.variable === 'n' ? 'number' : 'string')) throw new Fault('error')
        this.values[set.variable] = chosen
        return 'chosen'
      }
      if (key === null || key === set.nextKey) at += 1
      else if (key === set.previousKey) at = Math.max(0, at - 1)
      if (at === all.length) return 'finished'
    }
  }

  /** Music until a key leads out of it or the time is over. Keys that are there already and lead out are taken before it begins. */
  private *hold(set: {
    prompts: string[]
    intervalSeconds: number
    maxSeconds: number
    options: { key: string }[]
    typeAhead: boolean
  }): Script<string> {
    if (!set.typeAhead) this.forget()
    const own = set.options.map(({ key }) => key)
    const elsewhere = this.elsewhere(this.here)
    const ahead = answerIn(this.typed, [...own, ...elsewhere.keys()])
    for (const _ of ahead) this.take()
    const led = own.includes(ahead) ? undefined : elsewhere.get(ahead)
    if (led !== undefined) throw new Elsewhere(ahead, led)
    if (ahead !== '') return ahead
    const limit = this.clock + set.maxSeconds * 1000
    const leastMs = set.prompts.some((text) => !text.includes('${')) ? 0 : 1000
    for (;;) {
      const key = yield* this.readOne(set.prompts, own, Math.max(set.intervalSeconds * 1000, leastMs), limit)
      if (key) return key
      if (this.clock >= limit) return 'maxTime'
    }
  }

  /**
   * Says something that goes on by itself; gives the key that was pressed at it or in the pause behind it, or null when there was none,
   * or the time for all of it is over. Empty: keys that came to nothing have interrupted it.
   */
  private *readOne(texts: string[], own: string[], pauseMs: number, limit = Infinity): Script<string | null> {
    const elsewhere = this.elsewhere(this.here)
    const all = [...own, ...elsewhere.keys()]
    let playing = false
    let begun = false
    let interrupted = false
    let lastKey = 0
    let until = this.clock
    const pressed = (keys: string): string => {
      if (playing) this.silenced += 1
      const led = own.includes(keys) ? undefined : elsewhere.get(keys)
      if (led !== undefined) throw new Elsewhere(keys, led)
      return keys
    }
    const begin = () => {
      begun = true
      playing = this.speak(texts)
      until = Math.min(this.clock + pauseMs, limit)
    }
    // Keys that are there already count before anybody says that nothing could be spoken.
    if (this.isDeaf) this.filled(texts)
    for (let keys = ''; ; ) {
      if (!begun && !this.isDeaf) begin()
      const key = all.length === 0 ? '' : this.typed.charAt(0)
      if (key !== '') {
        if (this.clock > lastKey + 2000) keys = ''
        lastKey = this.clock
        const mayGoOn = all.some((one) => one !== keys + key && one.startsWith(keys + key))
        if (!mayGoOn && !all.includes(keys + key) && all.includes(keys)) return pressed(keys)
        this.take()
        keys += key
        if (!mayGoOn && all.includes(keys)) return pressed(keys)
        if (!mayGoOn && interrupted) return ''
        if (!mayGoOn) keys = ''
      } else if (interrupted || all.includes(keys)) {
        // It was an answer already, which may become a longer one.
        interrupted = true
        if (playing) this.silenced += 1
        playing = false
        const what = yield* this.wait(['keys', 'time'], this.clock + 2000)
        if (what.type === 'time') return all.includes(keys) ? pressed(keys) : ''
      } else if (!begun) begin()
      else {
        const keysToo = all.length === 0 ? [] : (['keys'] as const)
        const what = yield* playing
          ? this.wait(['promptEnds', 'promptFails', 'time', ...keysToo], limit)
          : this.wait(['time', ...keysToo], until)
        if (what.type === 'time') {
          if (playing) this.silenced += 1
          return null
        }
        if (what.type === 'promptEnds') {
          playing = false
          until = Math.min(this.clock + pauseMs, limit)
          if (pauseMs === 0) return null
        }
      }
    }
  }

  /** A key that ends entries may still follow one that is complete, and then means nothing. */
  private expectTerminator(keys: string) {
    if (this.typed === '') this.mayFollow = keys
    else if (keys.includes(this.typed.charAt(0))) this.typed = this.typed.slice(1)
  }

  /** What is pressed before the end of the recording is the caller's message; what is pressed after it is for the next block. */
  private *record(set: { prompt: string; stopKeys: string; minSeconds: number }): Script<string> {
    this.forget()
    // What says values is played before, because a recording takes one prompt whole.
    if (set.prompt.includes('${')) {
      yield* this.say([set.prompt], false)
      this.forget()
    } else this.speak(set.prompt === '' ? [] : [set.prompt])
    if (this.isDeaf) this.speak([])
    const end = yield* this.wait(['recorded', 'nothingSaid', 'recordFails'])
    if (end.type === 'recordFails') {
      this.silenced += 1
      throw new Fault('error')
    }
    const stop = [...this.typed].some((key) => set.stopKeys.includes(key))
    this.forget()
    if (end.type !== 'recorded') return 'noAudio'
    const file = yield* this.wait(['fileComes', 'fileFails', 'time'], this.clock + 2500)
    // The key that has ended it may be told of after the end.
    if (end.byKey && !stop) {
      const at = [...this.typed].findIndex((key) => set.stopKeys.includes(key))
      if (at < 0) this.mayFollow = set.stopKeys
      else {
        this.typed = `${this.typed.slice(0, at)}${this.typed.slice(at + 1)}`
        this.rounds.clear()
      }
    }
    if (file.type !== 'fileComes') return 'recorded'
    if (file.spokenMs === 0) return 'noAudio'
    return file.spokenMs < set.minSeconds * 1000 ? 'tooShort' : 'recorded'
  }

  private *transfer(set: HandedOver): Script<string> {
    if (set.announcement !== '') yield* this.say([set.announcement], false)
    if (this.isDeaf) {
      this.isRefused()
      return 'failed'
    }
    this.onTheWay = true
    this.transferredTo.push(set.person?.name ?? set.queue?.name ?? set.number ?? '')
    const patience = this.clock + 300_000
    for (let accepted = false; ; ) {
      const what = yield* this.wait(
        ['transferAccepted', 'transferFailed', 'transferRefused', 'time', 'ended'],
        patience,
      )
      if (what.type === 'time') throw new Fault('error')
      if (what.type === 'transferAccepted') accepted = true
      else if (what.type !== 'ended') return 'failed'
      else if (what.transferred || accepted) return 'done'
      else throw new Gone()
    }
  }

  private *sendTones(source: string): Script<string> {
    const keys = source.replace(/\$\{(.*?)\}/g, (_, name: string) =>
      String(this.values[name] ?? meaningOf(name)(this.values)),
    )
    if (!/^( *[0-9*#]){1,50} *$/.test(keys)) return 'failed'
    if (this.isDeaf) {
      this.isRefused()
      return 'failed'
    }
    const what = yield* this.wait(['tonesSent', 'tonesRefused'])
    return what.type === 'tonesSent' ? 'sent' : 'failed'
  }

  /** Asks a service. While it lets a caller wait, the filler is said, again and again, also where it is not heard. */
  private *request(id: string, callerThere: boolean): Script<string> {
    const { statuses, map, filler, fillerSeconds } = (this.block(id)?.settings ?? {}) as {
      statuses: string[]
      map: unknown[]
      filler: string
      fillerSeconds: number
    }
    const pause = () => this.clock + fillerSeconds * 1000
    let until = filler !== '' && callerThere ? pause() : undefined
    for (let playing = false; ; ) {
      const events: Happening['type'][] = playing ? ['promptEnds', 'promptFails'] : until === undefined ? [] : ['time']
      const what = yield {
        for: ['responded', 'requestRefused', ...events],
        ...(until !== undefined && !playing && { until }),
      }
      if (what.type === 'ended' && callerThere) throw new Gone()
      if (what.type === 'time') {
        const words = this.sayable(filler)
        const says = words.length > 0 && (!filler.includes('${') || heardOf(...words) !== '')
        playing = says && !this.isDeaf
        if (playing) this.heard.push(...words)
        else if (says) this.isRefused()
        until = playing ? undefined : pause()
      } else if (what.type === 'promptEnds' || what.type === 'promptFails') {
        playing = false
        until = pause()
      } else if (what.type === 'responded' || what.type === 'requestRefused') {
        if (playing) this.silenced += 1
        if (what.type === 'requestRefused') throw new Fault('error')
        if (typeof what.how === 'string') return what.how
        if (what.how === 200 && map.length > 0) this.values.t = 'told'
        if (what.how === 200) return '2xx'
        return statuses.includes(String(what.how)) ? String(what.how) : 'other'
      }
    }
  }

  private *hangUp(set: { prompt: string }): Script<string> {
    this.filled([set.prompt])
    try {
      if (set.prompt !== '') yield* this.say([set.prompt], false)
    } catch (error) {
      // A goodbye that cannot be spoken keeps nobody on the line.
      if (!(error instanceof Fault)) throw error
    }
    for (const answer of this.hangUpAnswers) {
      this.hangUps += 1
      if (this.line === 'ringing') this.line = 'leaving'
      if (answer === 'refused' && this.line === 'leaving') this.line = 'ringing'
      if (answer === 'confirmed') return 'done'
      const what = yield* this.wait(['time', 'ended'], this.clock + 15_000)
      if (what.type === 'ended') return 'done'
    }
    return 'lost'
  }

  private decide(id: string): string {
    const block = this.block(id)
    if (!block || !this.canRun(id)) throw new Fault('error')
    if (block.type === 'businessHours') {
      // As the calendars of random flows are: open in every other minute of the first twelve.
      const { calendar, variable } = block.settings as { calendar: { name: string }; variable: string }
      const isFair = calendar.name === 'Fair'
      const minute = Math.floor(this.clock / 60_000)
      if (variable !== '') this.values[variable] = isFair ? 'Fair' : ''
      if (minute < 12 && minute % 2 === 0) return 'open'
      return isFair ? 'holiday' : 'closed'
    }
    if (block.type === 'tableLookUp') {
      const { results } = block.settings as { results: unknown[] }
      const row = this.rows.find(({ k }) => k === this.values.n)
      this.rounds.clear() // an answer is news like any other
      if (row && results.length > 0) this.values.t = row.v
      return row ? 'found' : 'notFound'
    }
    if (block.type === 'tableUpdate') {
      const { action, cells } = block.settings as { action: string; cells: { column: string; value: string }[] }
      const row = action === 'add' ? { k: null, v: '' } : this.rows.find(({ k }) => k === this.values.n)
      const { n, t, entry } = this.values
      this.rounds.clear()
      if (row && cells.length > 1) Object.assign(row, { k: Number(n) + 1, v: `${entry}${t}` })
      else if (row) row.v = String(t)
      if (row && action === 'add') this.rows.push(row)
      return row ? 'done' : 'notFound'
    }
    if (block.type === 'createCallback') return this.noteCallback(block.settings, meaningOf)
    if (block.type === 'percentageSplit') {
      const arms = block.settings.arms as { id: string; weight: number }[]
      return arms.find(({ weight }) => weight === 100)?.id ?? 'none'
    }
    if (block.type === 'milestone') {
      const fields = block.settings.fields as { name: string; value: string }[]
      for (const { value } of fields) meaningOf(value)(this.values)
      return 'next'
    }
    if (block.type === 'loop') {
      const { times, startsOver } = block.settings as { times: number; startsOver: boolean }
      const rounds = Number(this.values.n)
      if (rounds < times) this.values.n = rounds + 1
      else if (startsOver) this.values.n = 0
      return rounds < times ? 'again' : 'done'
    }
    if (block.type === 'branch') {
      const conditions = block.settings.conditions as { id: string; when: { expression: string } }[]
      return conditions.find(({ when }) => meaningOf(when.expression)(this.values) === true)?.id ?? 'else'
    }
    const assignments = block.settings.assignments as { variable: string; value: string }[]
    const after = { ...this.values }
    for (const { variable, value } of assignments) after[variable] = meaningOf(value)(after)
    Object.assign(this.values, after)
    return 'done'
  }

  private noteCallback(set: Settings, mean: (source: string) => (values: Record<string, Value>) => Value): string {
    const number = set.from === 'caller' ? callerPhone : String(this.values[String(set.variable)])
    if (number !== callerPhone && (!/^[0-9]{3,15}$/.test(number) || ['111', '112'].includes(number))) return 'noNumber'
    const wordsOf = (source: unknown) =>
      String(source)
        .replace(/\$\{(.*?)\}/g, (_, name: string) => String(this.values[name] ?? mean(name)(this.values)))
        .trim()
    const after = set.due === 'minutes' ? Number(set.minutes) : Number(mean(String(set.expression))(this.values))
    const due = this.clock + Math.round(Math.min(Math.max(after, 0), 30 * 24 * 60) * 60_000)
    const wish = { reason: wordsOf(set.reason), owner: wordsOf(set.owner) }
    this.rounds.clear() // an answer is news like any other
    const there = this.callbacks.list.find(
      (one) =>
        one.number === number &&
        one.owner === wish.owner &&
        this.clock - one.since < Number(set.mergeHours) * 3_600_000,
    )
    if (!there) {
      this.callbacks.list.push({ number, ...wish, due, since: this.clock, times: 1 })
      return 'created'
    }
    there.times += 1
    there.due = Math.min(there.due, due)
    if (number === callerPhone && wish.reason !== '') there.reason = wish.reason
    return 'merged'
  }
}
