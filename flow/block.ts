import type * as z from 'zod'
import type { AnswerMap } from './answer.ts'
import type { Budget } from './budget.ts'
import type { Expression } from './expressionFacts.ts'
import type { Flow } from './flow.ts'
import { readSayings, type Saying } from './saying/sayings.ts'
import { defaultsOf, fieldOf, repair, type SettingsIssue, settingsIssue } from './settings.ts'
import type { Shared } from './shared.ts'
import type { Ask, BlockAsk, FlowEvent, Line, Target } from './talk.ts'
import type { Value, Variables } from './values.ts'

/** In which drawer of the palette a kind lies; what it does is told by the kind itself. */
export type Category = 'ends' | 'speak' | 'ask' | 'decide' | 'connect' | 'data'

/** The Graph permissions that a block may need; an administrator has to agree to each. */
export type Permission = 'Calls.Initiate.All' | 'Calls.AccessMedia.All'

/** One way out of a block. */
export type Exit = {
  name: string
  /** The key that leads here, shown as a key cap. */
  key?: string
  /** What the author calls it; exits without one are named by the message files. */
  label?: string
  /** What the message files call it by, where that is not its name. */
  called?: string
  /** An exit that need not be linked: taken in its place is `fallback`, or the failure path of the flow, which says the apology. */
  optional?: true
  fallback?: string
  /** Taken when nobody is there any more. */
  gone?: true
}

/** What happened to the block. `keysTyped` comes only while it listens: the keys are in `turn.typed`. */
export type BlockEvent =
  /** `by`: the key that leads here from wherever the caller was; `menuBefore`: the menu to go back to, where the flow does. */
  | { type: 'entered'; by?: string; menuBefore?: string }
  | { type: 'keysTyped' }
  | Exclude<FlowEvent, { type: 'tonePressed' | 'callOffered' | 'commandFailed' | 'promptFailed' }>
  | { type: 'failed'; command: Ask['type']; problem: string }
  /** The flow that it called has come back. */
  | { type: 'returned'; exit: string; values: Variables }

/** Everything that a block may look at when something happens to it. */
export type Turn<Data> = {
  event: BlockEvent
  /** The block's own id in its flow. */
  block: string
  /** What the block kept since it was entered; undefined on entering. */
  data: Data | undefined
  variables: Variables
  /** Keys that the caller has pressed and nobody has taken yet, also those typed ahead. */
  typed: string
  /** True when some block of this flow listens to keys. */
  flowHearsKeys: boolean
  /** False once the caller has left. */
  callerThere: boolean
  /** Whether the call was answered yet. */
  line: Line
  /** When it happened, in milliseconds since 1970, by the clock of whoever runs the call. */
  now: number
  /** What may still be worked out about this event, for all blocks that it leads to. */
  budget: Budget
}

type Told = string | number | boolean
/** What is told to the history. Never a secret or a recording, and what callers type only where the author has a milestone say it. */
export type Detail = { readonly [name: string]: Told | { readonly [name: string]: Told } }

/** Into another flow, by its link (subFlows.ts), to come back or not; or back into the one that called this one. */
export type Crossing =
  | { type: 'calls' | 'goes'; link: string; parameters: Variables }
  | { type: 'returns'; exit: string; values: Variables }

/**
 * What a block does about an event. Without `exit` it waits for the next one. `again` begins a new turn of the same
 * block, so that answers to the turn before no longer count. Nothing (`undefined`) means that the event is not its
 * business: failures then take the block's error exit, everything else is ignored.
 */
export type Outcome<Data> = {
  asks?: readonly BlockAsk[]
  /** From now on keys are told to the block (true) or kept for later (false). */
  listen?: boolean
  /** The keys that remain for whoever listens next; without it all remain. */
  typed?: string
  data?: Data
  again?: true
  exit?: string
  /** What is done in its place when what it says cannot be put into words; without it, the block is left by its error exit. */
  unsaid?: Outcome<Data>
  /** With `exit`: leads to this block, whatever the exit is linked to; `by` is the key that does. */
  goes?: { readonly to: string; readonly by?: string }
  /** Instead of an exit. */
  crosses?: Crossing
  /** With `exit`: nobody is there any more. What follows tidies up, as the hang-up path does. */
  gone?: true
  variables?: Variables
  /** A terminator that may still follow what was typed and means nothing to the next block. */
  swallow?: string
  detail?: Detail
}

export const stay = <Data>(outcome: Outcome<Data> = {}): Outcome<Data> => outcome
// The new field stands first wherever steps extend an object: V8 is several times slower with it behind the spread.
export const leave = (exit: string, outcome: Outcome<never> = {}): Outcome<never> => ({ exit, ...outcome })

type KeyMeaning =
  | 'done'
  | 'clear'
  | 'interrupt'
  | 'accept'
  | 'redo'
  | 'next'
  | 'previous'
  | 'repeat'
  | 'stop'
  | 'choose'

/** A key that means something to a block: what its author calls it, or one of these. Neither: it is typed, and no more. */
export type KeyUse = {
  key: string
  label?: string
  does?: KeyMeaning
  /** It is none of the block's own: this block says where it leads. */
  anywhere?: string
}

/** How far a caller has come with a block that asks, as far as one can tell who only listens to the call. */
export type SoFar = {
  /** Why the caller was asked again, each time: the reasons that the history was told. */
  again: readonly string[]
  /** A key was pressed since the block was last read out. */
  typing: boolean
}

/** What a block waits for, how long, and what silence then leads to: `counts`, what was typed so far is taken. */
export type Waiting = {
  for: 'key' | 'digits'
  ms: number
  after: { type: 'again' | 'lastTime' | 'counts' } | { type: 'goes'; exit: string }
}

/** What a block tells about one set of settings, without running. */
export type Facts = {
  /** All texts that it may speak, as they were written: with `${…}` where values come in. */
  prompts: readonly string[]
  /** What prompts may speak of besides the variables; `play` brings their values. */
  promptNames?: readonly string[]
  /** Variables that it sets, with the expression that they are set to where there is one. */
  sets: readonly {
    variable: string
    expression?: Expression
    /** Without an expression: what else the value comes out of. */
    from?: readonly string[]
    types?: readonly string[]
    field: string
    /** Nobody else may set it. */
    alone?: true
    /** What it is set to may be sensitive, whatever the expression. */
    sensitive?: true
  }[]
  /** Variables that it reads. */
  reads: readonly string[]
  /** Those of them that callers hear though the author has not allowed that for a secret (`aloud`). */
  saysOpenly: readonly string[]
  /** What one pass takes, in units of the budget of an event, as far as one can tell before. */
  cost: number
  /** Keys that mean something to it. */
  keys: readonly KeyUse[]
  /** Answers of which each may begin a longer one, so that callers wait for the time of further keys. */
  slowed?: readonly string[]
  /** What is typed here is nobody's business: wherever keys are shown, these are not. */
  sensitive?: true
  /** What it waits for once its prompt is over; null for nothing. Blocks that do not ask have none. */
  waiting?(soFar: SoFar): Waiting | null
  /** Behind it the call is answered. */
  answers?: true
  /** For how long callers hear nothing there, and the setting that says so. */
  silence?: { ms: number; field: string }
  /** It records what the caller says. */
  records?: true
  /** Callers are asked something where it leads, whatever its kind says. */
  asks?: true
  /** The flow that it enters, by its link. */
  enters?: string
  /** What it hands to that flow, by the parameter's name, and of what it gives back keeps. */
  hands?: readonly { name: string; reads: readonly string[] }[]
  keeps?: readonly { name: string; variable: string }[]
  /** It ends a sub-flow: by this exit, with the values of these variables. */
  returns?: { exit: string; gives: readonly string[] }
  /** Whom it gives the caller to; the id is empty where only the call tells whom. */
  handsOverTo?: Target
  /** What it names that does not stand in the flow: secrets, and values of the environment. */
  names?: readonly { kind: 'secret' | 'value'; name: string; field: string }[]
  /** The secret that it sends, and the address that it goes to as far as these values of the environment say it; null when they do not. */
  signsIn?: { secret: string; addressBy(env: Readonly<Record<string, string>>): string | null }
  /** What it tells in a place that is written down or seen by others: an address, a log, the history. No sensitive value may go there. */
  tells?: readonly { reads: readonly string[]; field: string }[]
  /** Takes from what a service has answered what the block wants to keep: `takeAnswer` in answer.ts. */
  takes?: AnswerMap
  /** Whom it sends a call on to that was not answered. */
  redirectsTo?: readonly Target[]
}

/** A key that works at a block though it is none of its own, or several to be pressed one after the other; `block` says where it leads. */
export type AnywhereKey = { readonly keys: string; readonly label: string; readonly block: string }

/** What a block may ask of the flow that it stands in, while it is opened. */
export type Surroundings = {
  variables: Flow['variables']
  /** Where the flow's own time is told, as an IANA name: `Europe/Berlin`. */
  timeZone: string
  shared: Shared
  /** The keys that work at the block that is opened though they are none of its own. */
  anywhere?: readonly AnywhereKey[]
  /** What prompts are written in, as BCP 47; without it English. */
  language?: string
  /** `names` are further ones that may be spoken of; `response` is what a service has answered. @throws FlowError `expressionRefused` */
  parse(source: string, names?: readonly string[]): Expression
}

/** A block with its settings read and prepared: ready to run. */
export type Opened = Facts & {
  exits: readonly Exit[]
  hearsKeys: boolean
  /** The texts with values in them. */
  sayings: ReadonlyMap<string, Saying>
  /** All that it says and that is known from the start, so that it is spoken before any call. */
  constants: readonly string[]
  step(turn: Turn<unknown>): Outcome<unknown> | undefined
}

export type Face = {
  exits: readonly Exit[]
  /** One line for the canvas: what callers hear or what is tested. */
  summary: string
}

/** One kind of block. Palette, inspector, checks, bot and documentation all read this one object. */
export type BlockKind = {
  type: string
  category: Category
  /** A name and not a component, so that the bot can import the block without React. */
  icon: string
  permissions: readonly Permission[]
  settings: z.ZodObject
  /** Waits for the caller to press keys. */
  asksCaller: boolean
  /** Which way it leads on depends on the variables that it reads. */
  decides: boolean
  /** Gives the caller to somebody else: a call that ends here was transferred. */
  handsOver: boolean
  /** Speaks, listens or moves the caller: impossible once the caller has left. Blocks do unless they say otherwise. */
  needsCaller: boolean
  /** How the call must stand: not answered yet, answered, or either. */
  line: 'ringing' | 'answered' | 'any'
  /** No way out: the call ends here. */
  ends: boolean
  /** Calls come here by themselves, and nothing is linked to it. */
  entry: boolean
  /** How a call came out that it has ended, in a word of outcome.ts; without it, as drawn. */
  outcome: 'rejected' | 'redirected' | null
  /** Settings of a new block. */
  defaults(): Record<string, Value>
  /** Listens to keys with these settings, be it only to be interrupted. */
  hearsKeys(settings: Readonly<Record<string, unknown>>): boolean
  /** How the block looks from outside, also while its settings are not all right yet. */
  face(settings: Readonly<Record<string, unknown>>): Face
  open(settings: unknown, surroundings: Surroundings): { block: Opened } | { issues: SettingsIssue[] }
}

type Definition<Type extends string, Settings extends z.ZodObject, Data> = {
  type: Type
  category: Category
  icon: string
  permissions?: readonly Permission[]
  settings: Settings
  asksCaller?: boolean
  decides?: boolean
  handsOver?: boolean
  needsCaller?: boolean
  /** Without it, `any` for what does without a caller, else `answered`. */
  line?: BlockKind['line']
  ends?: boolean
  entry?: boolean
  outcome?: BlockKind['outcome']
  /** Settings of a new block that the schema has no default for. */
  defaults: z.input<Settings>
  /** Settings that are wrong are given here as they are in `defaults`, so that a half-filled block keeps its exits. */
  exits(settings: z.output<Settings>): readonly Exit[]
  summary?(settings: z.output<Settings>): string
  /** Without it a block listens when it asks. Settings are given as to `exits`. */
  hearsKeys?(settings: z.output<Settings>): boolean
  /** Called once for each set of settings. @throws BlockIssue, FlowError for what the schema alone cannot see. */
  open(
    settings: z.output<Settings>,
    surroundings: Surroundings,
  ): Partial<Facts> & { step(turn: Turn<Data>): Outcome<Data> | undefined }
}

/** The same surroundings, which take down what values of the environment a block names in whatever it has read. */
function takingNames(surroundings: Surroundings) {
  const named = new Set<string>()
  const parse: Surroundings['parse'] = (source, names) => {
    const expression = surroundings.parse(source, names)
    for (const name of expression.named ?? []) named.add(name)
    return expression
  }
  return { named, around: { ...surroundings, parse } }
}

/** A name may be any text (`env["("]`), and so is looked for as one. */
const valueNamed = (name: string, settings: object) => {
  const isThere = (text: string) => text.includes(name) && /\benv\b/.test(text)
  return { kind: 'value', name, field: fieldOf(settings, isThere) } as const
}

/** Thrown by `open` for a setting that is wrong in a way only the block can see. */
export class BlockIssue extends Error {
  override readonly name = 'BlockIssue'
  readonly field: string
  readonly code: string
  readonly detail: string

  constructor(field: string, code: string, detail = '') {
    super(`${field}: ${code}`)
    this.field = field
    this.code = code
    this.detail = detail
  }
}

/** Makes a kind of block out of its definition. `Data` is what its turns say that they keep: `step(turn: Turn<Data>)`. */
export function defineBlock<Type extends string, Settings extends z.ZodObject, Data = undefined>(
  definition: Definition<Type, Settings, Data>,
): Omit<BlockKind, 'type' | 'settings'> & { type: Type; settings: Settings } {
  const { asksCaller = false, decides = false, handsOver = false, needsCaller = true, ends = false } = definition
  const { entry = false } = definition
  const defaults = defaultsOf(definition.settings, definition.defaults)
  // Of the right form, if not always sound: see `repair`.
  const repaired = (settings: Readonly<Record<string, unknown>>) =>
    repair(definition.settings, settings, defaults) as z.output<Settings>
  return {
    type: definition.type,
    category: definition.category,
    icon: definition.icon,
    permissions: definition.permissions ?? [],
    settings: definition.settings,
    asksCaller,
    decides,
    handsOver,
    needsCaller,
    line: definition.line ?? (needsCaller ? 'answered' : 'any'),
    ends,
    entry,
    outcome: definition.outcome ?? null,
    defaults: () => structuredClone(defaults),
    hearsKeys: (settings) => definition.hearsKeys?.(repaired(settings)) ?? asksCaller,
    face(settings) {
      const whole = repaired(settings)
      return { exits: definition.exits(whole), summary: definition.summary?.(whole) ?? '' }
    },
    open(settings, surroundings) {
      const parsed = definition.settings.safeParse(settings, { reportInput: true })
      if (!parsed.success) return { issues: parsed.error.issues.map(settingsIssue) }
      try {
        const { named, around } = takingNames(surroundings)
        const opened = definition.open(parsed.data, around)
        const { issues, reads, saysOpenly, cost, ...said } = readSayings(opened, parsed.data, around)
        if (issues.length > 0) return { issues }
        return {
          block: {
            prompts: [],
            sets: [],
            keys: [],
            exits: definition.exits(parsed.data),
            hearsKeys: definition.hearsKeys?.(parsed.data) ?? asksCaller,
            ...opened,
            ...said,
            reads: [...(opened.reads ?? []), ...reads],
            saysOpenly: [...(opened.saysOpenly ?? []), ...saysOpenly],
            cost: (opened.cost ?? 0) + cost,
            names: [...(opened.names ?? []), ...[...named].map((name) => valueNamed(name, parsed.data))],
            // `data` comes back to the very block that kept it, so its type is the block's own.
            step: (turn) => opened.step(turn as Turn<Data>),
          },
        }
      } catch (error) {
        if (!(error instanceof BlockIssue)) throw error
        return { issues: [{ field: error.field, code: error.code, detail: error.detail }] }
      }
    },
  }
}
