import * as z from 'zod'

/**
 * What people do on calls and in meetings, written down. The same words in YAML (scriptYaml.ts), in JSON and in TypeScript. Pure:
 * scriptRunner.ts carries it out.
 */

/** How long, by the emulator's clock: `500ms`, `3s`, `2m`, `1h`. */
export type Duration = string

const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/
const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const longestMs = 24 * unitMs.h

/** A duration in milliseconds. NaN for a text that is none. */
export function msOf(text: Duration): number {
  const [, count, unit] = durationPattern.exec(text) ?? []
  return Number(count) * unitMs[(unit ?? 'ms') as keyof typeof unitMs] // the pattern lets nothing else through
}

const duration = z
  .string('write how long as 500ms, 3s, 2m or 1h')
  .regex(durationPattern, 'write how long as 500ms, 3s, 2m or 1h')
  .refine((text) => !(msOf(text) > longestMs), 'at most 24h')

/** Steps without anything to add. The four that wait also stand before a duration, and then wait that long at most. */
const bareSteps = [
  ...(['hang up', 'leave', 'mute', 'unmute', 'share', 'stop sharing'] as const),
  ...(['wait for prompt', 'wait for beep', 'wait for end', 'wait to be admitted'] as const),
] as const

/** Nothing that is waited for takes longer, unless the step says so. */
export const waitsAtMost: Duration = '10s'
/** An expectation may take a moment to come true. */
export const expectsWithin: Duration = '5s'
export const lastsAtMost: Duration = '2m'

const text = z.string('must be text; put numbers in quotes').min(1, 'must not be empty').max(500)
const phone = z.string('put the number in quotes').regex(/^\+[1-9]\d{4,14}$/, 'must be E.164, e.g. "+14255550123"')
const keys = z
  .string('put the keys in quotes')
  .regex(/^[0-9*#a-dA-D!]{1,64}$/, 'must be keys of a telephone, e.g. "12#"')
const sound = /\.wav$/i
const spoken = text.refine(
  (value) => sound.test(value) || (msOf(value) > 0 && msOf(value) <= 600_000),
  'must be a time of at most 10m, e.g. 2s, or the name of a .wav file',
)

const expectation = z
  .strictObject({
    /** Of the call, in Graph's words. */
    state: z
      .enum([
        'incoming',
        'establishing',
        'established',
        'transferring',
        'transferAccepted',
        'terminating',
        'terminated',
      ])
      .optional(),
    /** Part of a prompt that sounded while this person was there. */
    heard: text.optional(),
    'not heard': text.optional(),
    'ended by': z.enum(['bot', 'caller', 'service']).optional(),
    code: z.number().int().optional(),
    subcode: z.number().int().optional(),
    /** A person of the script, or an id or number, who took the transfer. */
    'transferred to': text.optional(),
    /** The bot recorded at least so much. */
    recorded: duration.optional(),
    /** People of the script, or `the bot`, who are in the same conversation and not in its lobby. */
    with: z.array(text).min(1).optional(),
    'in lobby': z.boolean().optional(),
    muted: z.boolean().optional(),
  })
  .refine((all) => Object.keys(all).length > 0, 'must say what is expected')
/** What has to be so. Members that are not there are not looked at. */
export type Expectation = z.output<typeof expectation>

const deeds = {
  wait: z.strictObject({ wait: duration }),
  'stay silent': z.strictObject({ 'stay silent': duration }),
  press: z.strictObject({ press: keys, gap: duration.optional() }),
  /** For so long, or a WAV file as prompts are, beside the script or in its `sounds`. */
  speak: z.strictObject({ speak: spoken }),
  'join meeting': z.strictObject({ 'join meeting': text }),
  /** A person of the script, `the bot` or `everyone` that waits in the lobby. */
  admit: z.strictObject({ admit: text, within: duration.optional() }),
  expect: z.strictObject({ expect: expectation, within: duration.optional() }),
  /** Says why things went wrong: for a way behind `otherwise` that is no way out. */
  fail: z.strictObject({ fail: text }),
}
const waits = {
  /** A prompt that contains this, in any case; `*` is any. `to the end` waits until it has sounded. */
  'wait for prompt': z.strictObject({
    'wait for prompt': text,
    within: duration.optional(),
    'to the end': z.boolean().optional(),
  }),
  'wait for beep': z.strictObject({ 'wait for beep': duration }),
  'wait for end': z.strictObject({ 'wait for end': duration }),
  'wait to be admitted': z.strictObject({ 'wait to be admitted': duration }),
}
/** What happens when something waited for does not come, instead of a failure: other steps in place of all that are left, or `go on`. */
type Otherwise = { otherwise?: 'go on' | Step | Step[] | undefined }

/** One thing that somebody does. */
export type Step =
  | (typeof bareSteps)[number]
  | z.output<(typeof deeds)[keyof typeof deeds]>
  | (z.output<(typeof waits)[keyof typeof waits]> & Otherwise)
  | { repeat: number; do: Step[] }

/** What a schema found wrong, told as if it had been found here: a union would only say that nothing fits. */
function tell(issues: readonly z.core.$ZodIssue[], value: unknown, context: z.RefinementCtx): void {
  for (const issue of issues) {
    const { path, message } = issue
    context.issues.push({ code: 'custom', path: [...path], message, input: value, params: { issue } })
  }
}
const step = z.unknown().transform((value, context): Step => {
  const found = schemaOf(value)
  if (typeof found === 'string') context.issues.push({ code: 'custom', message: found, input: value })
  else tell(found.safeParse(value).error?.issues ?? [], value, context)
  return value as Step // as the schema of its kind says, or refused
}) as unknown as z.ZodType<Step, Step> // what is taken is what is given
const steps = z.array(step, 'must be a list of steps').max(500)
const otherwise = z
  .unknown()
  .transform((value, context): Otherwise['otherwise'] => {
    if (value !== 'go on')
      tell((Array.isArray(value) ? steps : step).safeParse(value).error?.issues ?? [], value, context)
    return value as Otherwise['otherwise'] // as `steps` or `step` say, or refused
  })
  .optional()

const kinds: Record<string, z.ZodType> = {
  ...deeds,
  ...Object.fromEntries(
    Object.entries(waits).map(([kind, wait]) => [kind, z.strictObject({ ...wait.shape, otherwise })]),
  ),
  repeat: z.strictObject({ repeat: z.number().int().min(1).max(100), do: z.lazy(() => steps) }),
}
const allSteps = [...new Set([...bareSteps, ...Object.keys(kinds)])].join(', ')

/** The schema of a step of this kind, or why there is none. */
function schemaOf(value: unknown): z.ZodType | string {
  if (typeof value === 'string') {
    if (bareSteps.some((word) => word === value)) return z.string()
    const isKind = Object.hasOwn(kinds, value)
    return isKind ? `"${value}" needs something after it` : `there is no such step; steps are: ${allSteps}`
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must be a step'
  const names = Object.keys(value).filter((name) => Object.hasOwn(kinds, name))
  const [name, other] = names
  if (other) return `a step does one thing; make "${name}" and "${other}" two steps`
  return (name && kinds[name]) || `there is no such step; steps are: ${allSteps}`
}

const ring = z
  .string('write: answer, decline, ignore or ask')
  .regex(
    /^(ask|ignore|(answer|decline)( after \d+(\.\d+)?(ms|s|m|h))?)$/,
    'must be answer, decline, ignore or ask; the first two may have a time: answer after 3s',
  )

const person = z
  .strictObject({
    name: text,
    /** Object id of a user; any will do for who is not called by it. */
    id: text.optional(),
    phone: phone.optional(),
    /** From outside the organisation. */
    guest: z.boolean().optional(),
    /** When the bot calls or invites, or a caller is redirected here. */
    'when called': ring.optional(),
    'when transferred': ring.optional(),
    /** From the start. */
    do: steps.optional(),
    /** The first time that this one is on a call or in a group because the bot called. */
    'once in': steps.optional(),
  })
  .superRefine((one, { addIssue }) => {
    const refuse = (path: string, message: string) => addIssue({ code: 'custom', path: [path], message })
    if (one.phone && (one.id || one.guest)) refuse('phone', 'a number has neither id nor guest')
    if (one['once in'] && /^(decline|ignore)/.test(one['when called'] ?? ''))
      refuse('once in', 'who does not answer does nothing')
    if (one.do && one['once in']) refuse('once in', 'somebody has do or once in, not both')
    const [called, moved] = [delayOf(one['when called']), delayOf(one['when transferred'])]
    // One time serves both in the emulator (people.ts).
    if (called !== null && moved !== null && called !== moved)
      refuse('when transferred', 'must take the same time as when called')
  })

const meeting = z.strictObject({
  name: text,
  /** A person of the script. */
  organizer: text,
  /** Who need not wait in the lobby: those of the organisation unless told otherwise. */
  'lobby bypass': z.enum(['everyone', 'organization', 'organizer']).optional(),
  number: z.string('put the number in quotes').regex(/^\d+$/, 'must be digits').optional(),
  passcode: text.optional(),
  /** Of its chat: 19:meeting_…@thread.v2 */
  thread: text.optional(),
  locked: z.boolean().optional(),
})

const call = z.strictObject({
  /** A person of the script, or a number. */
  from: z.union([text, z.strictObject({ phone })], 'must be the name of a person, or { phone: "+1…" }'),
  /** `the bot`, as which it is by default; another app; or a resource account. */
  to: z
    .union(
      [z.literal('the bot'), z.strictObject({ app: text }), z.strictObject({ instance: text, name: text.optional() })],
      'must be "the bot", { app: id } or { instance: id, name: … }',
    )
    .optional(),
  /** Gives up when nobody has answered by then. */
  patience: duration.optional(),
  /** So many of them call at once. */
  times: z.number().int().min(1).max(100).optional(),
  do: steps,
})

// Looks for what does not belong: a pattern for the whole would try blanks in every way, and sounds are large.
const base64 = z
  .string('must be base64')
  .refine((value) => !/[^A-Za-z0-9+/\s]/.test(value.trimEnd().replace(/={1,2}$/, '')), 'must be base64')

/** Throws nothing; `parseScript` and `parseScriptYaml` throw ScriptErrors. */
const scriptSchema = z.strictObject(
  {
    /** For the whole script, `2m` unless told otherwise. */
    within: duration.optional(),
    people: z.array(person, 'must be a list of people').max(100).optional(),
    meetings: z.array(meeting, 'must be a list of meetings').max(20).optional(),
    calls: z.array(call, 'must be a list of calls').max(100).optional(),
    /** WAV files for `speak`, by their names. */
    sounds: z.record(z.string().regex(sound, 'must end in .wav'), base64).optional(),
  },
  { error: ({ code }) => (code === 'invalid_type' ? 'a script has people, meetings and calls' : undefined) },
)

/** People, meetings and calls, and what they do. */
export type Script = z.input<typeof scriptSchema>
export type ScriptPerson = NonNullable<Script['people']>[number]
export type ScriptCall = NonNullable<Script['calls']>[number]

/** What a rule such as `answer after 3s` says. No time: as long as people take (the emulator's settings). */
export function ringRule(rule: string): { does: 'answer' | 'decline' | 'ignore' | 'ask'; afterMs: number | null } {
  return { does: rule.split(' ')[0] as 'answer' | 'decline' | 'ignore' | 'ask', afterMs: delayOf(rule) } // the schema's words
}
function delayOf(rule: string | undefined): number | null {
  const after = rule?.split(' after ')[1]
  return after === undefined ? null : msOf(after)
}

/** The steps behind `otherwise`; null when things go on as if nothing had happened. */
export const otherwiseSteps = (otherwise: NonNullable<Otherwise['otherwise']>): Step[] | null =>
  otherwise === 'go on' ? null : Array.isArray(otherwise) ? otherwise : [otherwise]

/** Whether `speak` names a file. */
export const isSound = (spoken: string): boolean => sound.test(spoken)

type Found = { step: Exclude<Step, string>; path: (string | number)[] }

/** All steps that have something to add, also those within others, with where they stand. */
function* stepsIn(written: Step | Step[] | 'go on' | undefined, path: (string | number)[]): Generator<Found> {
  if (Array.isArray(written)) {
    for (const [place, one] of written.entries()) yield* stepsIn(one, [...path, place])
  } else if (typeof written === 'object') {
    yield { step: written, path }
    if ('repeat' in written) yield* stepsIn(written.do, [...path, 'do'])
    if ('otherwise' in written) yield* stepsIn(written.otherwise, [...path, 'otherwise'])
  }
}

const allStepsOf = ({ people = [], calls = [] }: Script): Found[] => [
  ...people.flatMap(({ do: first, 'once in': onceIn }, place) => [
    ...stepsIn(first, ['people', place, 'do']),
    ...stepsIn(onceIn, ['people', place, 'once in']),
  ]),
  ...calls.flatMap((one, place) => [...stepsIn(one.do, ['calls', place, 'do'])]),
]

/** The files that somebody speaks and that the script does not carry in `sounds`. */
export const missingSounds = (script: Script): string[] => [
  ...new Set(
    allStepsOf(script).flatMap(({ step }) =>
      'speak' in step && isSound(step.speak) && !Object.hasOwn(script.sounds ?? {}, step.speak) ? step.speak : [],
    ),
  ),
]

/** How many steps somebody takes at most: a repetition within repetitions grows fast. */
const countOf = (list: Step[]): number =>
  list.reduce((sum, one) => sum + (typeof one === 'object' && 'repeat' in one ? one.repeat * countOf(one.do) : 1), 0)
const mostSteps = 5000

type Problem = { path: PropertyKey[]; message: string; unknownKey?: string }

/** Names that are used twice, or that nobody has. */
function* looseEnds(script: Script): Generator<Problem> {
  const { people = [], meetings = [], calls = [] } = script
  const names = people.map(({ name }) => name)
  const meetingNames = meetings.map(({ name }) => name)
  function* ofPerson(name: string, path: PropertyKey[], others: string[] = []): Generator<Problem> {
    if (names.includes(name) || others.includes(name)) return
    const known = [...names, ...others].join(', ')
    yield { path, message: known ? `there is no such person; known are: ${known}` : 'name this one under people' }
  }

  for (const [place, { name, do: first = [], 'once in': onceIn = [] }] of people.entries()) {
    const path = ['people', place]
    if (names.indexOf(name) !== place) yield { path: [...path, 'name'], message: 'this name is taken' }
    if (['the bot', 'everyone'].includes(name)) yield { path: [...path, 'name'], message: 'has a meaning of its own' }
    if (countOf([...first, ...onceIn]) > mostSteps) yield { path, message: `takes more than ${mostSteps} steps` }
  }
  for (const [place, { name, organizer }] of meetings.entries()) {
    if (meetingNames.indexOf(name) !== place) yield { path: ['meetings', place, 'name'], message: 'this name is taken' }
    yield* ofPerson(organizer, ['meetings', place, 'organizer'])
  }
  for (const [place, { from, do: list }] of calls.entries()) {
    if (typeof from === 'string') yield* ofPerson(from, ['calls', place, 'from'])
    if (countOf(list) > mostSteps) yield { path: ['calls', place], message: `takes more than ${mostSteps} steps` }
  }
  if (calls.length === 0 && people.every((one) => !one.do && !one['once in'])) {
    yield { path: [], message: 'nobody does anything: write calls, or give somebody do or once in' }
  }
  for (const { step, path } of allStepsOf(script)) {
    if ('join meeting' in step && !meetingNames.includes(step['join meeting'])) {
      const message = `there is no such meeting; known are: ${meetingNames.join(', ') || 'none'}`
      yield { path: [...path, 'join meeting'], message }
    }
    if ('admit' in step) yield* ofPerson(step.admit, [...path, 'admit'], ['the bot', 'everyone'])
    if ('expect' in step) {
      for (const [who, name] of (step.expect.with ?? []).entries()) {
        yield* ofPerson(name, [...path, 'expect', 'with', who], ['the bot'])
      }
    }
  }
}

/** More names and values, and levels of them, than any script has. What is beyond would take long to be told what is wrong with it. */
const mostParts = 50_000
const mostLevels = 100

/** Why this is too much to be a script; null when it may be looked at. Goes level by level: it may be deeper than the stack. */
function tooMuch(value: unknown): string | null {
  let parts = 0
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    parts += level.length
    if (parts > mostParts) return `has more than ${mostParts} names and values`
    if (depth > mostLevels) return `is nested more than ${mostLevels} levels deep`
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  }
  return null
}

/** What is wrong with a script, and where: as a path, and in a text also as line and column, both from 1. */
export type ScriptProblem = { path: string; message: string; line: number | null; column: number | null }

/** More help nobody. */
const mostProblems = 20

/** A script that cannot be read. Its message lists all problems, one in a line. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError'
  readonly code = 'badScript'
  readonly problems: ScriptProblem[]

  constructor(problems: ScriptProblem[]) {
    const inOrder = problems.toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0)).slice(0, mostProblems)
    super(
      inOrder
        .map(({ path, message, line, column }) =>
          [line === null ? [] : `line ${line}, column ${column}`, path || [], message].flat().join(': '),
        )
        .join('\n'),
    )
    this.problems = inOrder
  }
}

/** Where in a text something stands. */
export type PlaceOf = (path: PropertyKey[], unknownKey?: string) => { line: number; column: number } | null

/**
 * The script that this value is, as it is. Throws a ScriptError that lists the first problems. `placeOf` finds things in the text
 * that the value was read from.
 */
export function parseScript(value: unknown, placeOf: PlaceOf = () => null): Script {
  const excess = tooMuch(value)
  if (excess) throw new ScriptError([{ path: '', message: excess, line: null, column: null }])
  const parsed = scriptSchema.safeParse(value)
  const problems: ScriptProblem[] = []
  for (const { path, message, unknownKey } of parsed.success ? looseEnds(parsed.data) : misfits(parsed.error)) {
    const { line = null, column = null } = placeOf(path, unknownKey) ?? {}
    problems.push({ path: pathWords(path), message, line, column })
    if (problems.length === mostProblems) break
  }
  if (parsed.success && problems.length === 0) return parsed.data
  throw new ScriptError(problems)
}

/** Where the schema is not kept. */
function* misfits({ issues }: z.ZodError): Generator<Problem> {
  for (const issue of issues) {
    const { path, message } = issue
    const cause = causeOf(issue)
    if (cause.code !== 'unrecognized_keys') yield { path, message }
    else for (const key of cause.keys) yield { path, message: `there is no "${key}" here`, unknownKey: key }
  }
}

/** The issue that `tell` told of. */
function causeOf(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  const told: unknown = issue.code === 'custom' ? issue.params?.issue : undefined
  return told ? causeOf(told as z.core.$ZodIssue) : issue // nobody else writes `issue` there
}

/** The script, checked. For scripts in TypeScript. Throws a ScriptError. */
export const defineScript = (script: Script): Script => parseScript(script)

/** `calls[0].do[2]`, counted as people do: from 1. */
const pathWords = (path: PropertyKey[]): string =>
  path.reduce<string>(
    (words, part) =>
      typeof part === 'number' ? `${words} ${part + 1}` : `${words}${words ? ', ' : ''}${String(part)}`,
    '',
  )
