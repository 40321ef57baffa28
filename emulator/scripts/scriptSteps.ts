import { sleep } from '#ground/clock.ts'
import type { Entry } from '../world/transcript.ts'
import {
  type Duration,
  type Expectation,
  expectsWithin,
  isSound,
  msOf,
  otherwiseSteps,
  type Step,
  waitsAtMost,
} from './script.ts'
import {
  callWords,
  howItEnded,
  isNamed,
  quoted,
  type Stage,
  says,
  shortfalls,
  whatWasHeard,
} from './scriptExpectations.ts'
import type { PromptEntry, ScriptPerson } from './scriptPerson.ts'

/** What a step of a script does. */

/** A step could not be done, or what was expected is not so. The message says what happened instead. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure'
}

/** How often people look where they are and listen to what is new, in milliseconds of the emulator's clock. */
const lookEveryMs = 20
const keyGapMs = 100

/** What a step brought: in words, and other steps instead of those that follow. */
type StepResult = { words: string | null; instead?: Step[] }

/** Waits for what `check` gives, at most so long. Null when it did not come, or the script is over. */
export async function until<T>({ clock, signal }: Stage, check: () => T | null, withinMs: number): Promise<T | null> {
  for (const deadline = clock.now() + withinMs; ; ) {
    const found = check()
    if (found !== null) return found
    const left = deadline - clock.now()
    if (left <= 0 || signal.aborted) return null
    await sleep(clock, Math.min(lookEveryMs, left), signal)
  }
}

/** Members of a step that say how it is done. `repeat` has `do`, and is done by who calls this. */
type Options = {
  within?: Duration | undefined
  otherwise?: Parameters<typeof otherwiseSteps>[0] | undefined
  'to the end'?: boolean | undefined
  gap?: Duration | undefined
}
/** One step that somebody does: what is written behind its verb, and its options. */
type Task = { stage: Stage; person: ScriptPerson; value: unknown; options: Options }
type KeyOf<T> = T extends object ? keyof T : T
type Verb = Exclude<KeyOf<Step>, keyof Options | 'repeat' | 'do'>

/** Does one step. Throws a StepFailure. Repetitions are done by who calls this. */
export async function carryOut(stage: Stage, person: ScriptPerson, step: Step): Promise<StepResult> {
  const [verb, value] = partsOf(step)
  const options = (typeof step === 'object' ? step : {}) as Options // which steps have these members, the schema says
  const act = Object.hasOwn(verbs, verb) ? verbs[verb as Verb] : undefined // the table has it
  if (!act) throw new StepFailure('is no step')
  return act({ stage, person, value, options })
}

/** What each verb does. One that the format knows and that is not here does not compile. */
const verbs: Record<Verb, (task: Task) => StepResult | Promise<StepResult>> = {
  wait: pause,
  'stay silent': pause,
  'wait for prompt': waitForPrompt,
  'wait for beep': waitForBeep,
  'wait for end': waitForEnd,
  'wait to be admitted': waitToBeAdmitted,
  press,
  speak,
  'hang up': leave,
  leave,
  'join meeting': joinMeeting,
  admit,
  mute: (task) => setMuted(task, true),
  unmute: (task) => setMuted(task, false),
  share,
  'stop sharing': stopSharing,
  expect: expectThat,
  fail({ value }) {
    throw new StepFailure(String(value))
  },
}

/** Where somebody is, the lobby too. Throws a StepFailure for who is nowhere. */
function placeOf(person: ScriptPerson) {
  const place = person.look()
  if (place) return place
  throw new StepFailure(person.calls().length > 0 ? `is on no call any more: ${howItEnded(person)}` : 'is on no call')
}

/** As `placeOf`, for what nobody can do in the lobby. */
function insideOf(person: ScriptPerson) {
  const place = placeOf(person)
  if (!place.participant.isInLobby) return place
  throw new StepFailure('still waits in the lobby')
}

/** Waits for something, and else does what the step says. `instead`: in words, what there was in its place. */
async function waitFor<T>(
  { stage, options }: Task,
  what: string,
  check: () => T | null,
  instead: () => string,
): Promise<T | StepResult> {
  const time = options.within ?? waitsAtMost
  const found = await until(stage, check, msOf(time))
  if (found !== null) return found
  const words = `waited ${stage.signal.aborted ? 'in vain' : time} for ${what}; ${instead()}`
  return missed(words, stage.signal.aborted ? undefined : options.otherwise)
}

/** Waits for something on the calls of bots. Once they are over nothing more comes. */
async function hearOf<T extends Entry>(
  task: Task,
  what: string,
  matches: (entry: Entry) => entry is T,
  instead: () => string,
): Promise<T | StepResult> {
  const { person, options } = task
  const check = () => {
    const place = person.look()
    return person.listen(matches) ?? (!place && person.calls().length > 0 ? 'over' : null)
  }
  const result = await waitFor(task, what, check, instead)
  if (result !== 'over') return result
  return missed(`the call was over before ${what} came: ${howItEnded(person)}; ${instead()}`, options.otherwise)
}

/** Steps whose value says how long they wait have it there, not behind `within`. */
const waitingItsValue = (task: Task): Task => ({
  ...task,
  options: { ...task.options, within: typeof task.value === 'string' ? task.value : undefined },
})

async function pause({ stage, person, value }: Task): Promise<StepResult> {
  const time = String(value)
  const wasThere = Boolean(person.look())
  const left = await until(stage, () => (wasThere && !person.look() ? true : null), msOf(time))
  return said(left ? `the call was over before the ${time} were: ${howItEnded(person)}` : null)
}

async function waitForPrompt(task: Task): Promise<StepResult> {
  const { stage, person, value, options } = task
  const wanted = value === null ? '*' : String(value)
  const what = wanted === '*' ? 'a prompt' : `a prompt with ${quoted(wanted)}`
  const before = person.prompts().length
  const matches = (entry: Entry): entry is PromptEntry => entry.kind === 'prompt' && says(entry, wanted)
  const result = await hearOf(task, what, matches, () => whatWasHeard(person.prompts().slice(before)))
  if (!('kind' in result)) return result
  const { media, operationId, durationMs, text } = result
  const isOver = (entry: Entry) =>
    entry.kind === 'promptEnded' && entry.media === media && entry.operationId === operationId
  const hasSounded = () => (person.entries().some(isOver) || !person.look() ? true : null)
  if (options['to the end']) await until(stage, hasSounded, durationMs + 60_000)
  return said(`heard ${quoted(text ?? 'a prompt without a text')}`)
}

async function waitForBeep(task: Task): Promise<StepResult> {
  const matches = (entry: Entry): entry is Entry & { kind: 'recording' } => entry.kind === 'recording'
  const result = await hearOf(waitingItsValue(task), 'a beep', matches, () => 'the bot did not begin to record')
  return 'kind' in result ? said('the bot records') : result
}

async function waitForEnd(task: Task): Promise<StepResult> {
  const { person } = task
  if (person.calls().length === 0) placeOf(person)
  const isOver = () => (person.look() ? null : true)
  const result = await waitFor(waitingItsValue(task), 'the end', isOver, () => {
    const heard = whatWasHeard(person.prompts())
    return `the call is ${person.calls().at(-1)?.state ?? 'still there'}; ${heard}`
  })
  return result === true ? said(howItEnded(person)) : result
}

async function waitToBeAdmitted(task: Task): Promise<StepResult> {
  const { person, options } = task
  placeOf(person)
  const check = () => {
    const place = person.look()
    if (!place) return 'over'
    return place.participant.isInLobby ? null : 'in'
  }
  const inTheLobby = () => 'still waits in the lobby'
  const result = await waitFor(waitingItsValue(task), 'somebody to let them in', check, inTheLobby)
  if (result === 'over')
    return missed('was not let in: the meeting is over, or somebody removed them', options.otherwise)
  return result === 'in' ? said('is in the meeting') : result
}

async function press({ stage, person, value, options }: Task): Promise<StepResult> {
  insideOf(person)
  const call = person.bot()
  if (!call) throw new StepFailure(`no bot hears keys: ${callWords(person)}`)
  const keys = String(value)
  const gap = options.gap === undefined ? keyGapMs : msOf(options.gap)
  person.listened()
  const last = call.transcript.after(0).at(-1)?.n ?? 0
  stage.exchange.press(call, keys, gap)
  const unheard = call.transcript.after(last).some((entry) => entry.kind === 'tone' && !entry.heard)
  await sleep(stage.clock, (keys.length - 1) * gap, stage.signal)
  return said(unheard ? 'the bot does not listen for keys' : null)
}

async function speak({ stage, person, value }: Task): Promise<StepResult> {
  const { conversation } = insideOf(person)
  const spoken = String(value)
  const samples = isSound(spoken) ? (stage.sounds.get(spoken) ?? new Int16Array()) : null
  const lastsMs = samples ? samples.length / 16 : msOf(spoken)
  person.listened()
  stage.exchange.conversations.speak(conversation, lastsMs, samples)
  await sleep(stage.clock, lastsMs / stage.settings.playbackSpeed, stage.signal)
  return said(null)
}

function leave({ person }: Task): StepResult {
  if (person.look()) {
    person.leave()
    return said(null)
  }
  if (person.calls().length === 0) placeOf(person)
  return said(`it was over already: ${howItEnded(person)}`)
}

function joinMeeting({ stage, person, value }: Task): StepResult {
  const { conversations } = stage.exchange
  if (person.look()) throw new StepFailure('is on a call already')
  const meeting = stage.meetings.get(String(value))
  // The script was checked: it is there.
  if (!meeting || meeting.locked) throw new StepFailure('the meeting is locked')
  const participant = conversations.personJoins(meeting, person.identity)
  person.enter(conversations.ofMeeting(meeting), participant)
  return said(participant.isInLobby ? 'waits in the lobby' : 'is in the meeting')
}

async function admit(task: Task): Promise<StepResult> {
  const { stage, person, value } = task
  const wanted = String(value)
  const { conversation } = insideOf(person)
  const inLobby = () => [...conversation.participants.values()].filter((one) => one.isInLobby)
  const waiting = () => {
    const found = inLobby().filter((one) => wanted === 'everyone' || isNamed(one, wanted, stage))
    return found.length > 0 ? found : null
  }
  const result = await waitFor(task, `${wanted} in the lobby`, waiting, () => {
    const others = inLobby().length
    return others > 0 ? `${others} others wait there` : 'nobody waits there'
  })
  if (!Array.isArray(result)) return result
  for (const participant of result) stage.exchange.conversations.admit(conversation, participant)
  return said(`let ${result.length} in`)
}

function setMuted({ stage, person }: Task, isMuted: boolean): StepResult {
  const { conversation, participant } = insideOf(person)
  stage.exchange.conversations.personMutes(conversation, participant, isMuted)
  return said(null)
}

function share({ stage, person }: Task): StepResult {
  const { conversation, participant } = insideOf(person)
  stage.exchange.conversations.startSharing(conversation, participant)
  return said(null)
}

function stopSharing({ stage, person }: Task): StepResult {
  const { conversation, participant } = insideOf(person)
  const mine = [...conversation.contentSharingSessions].filter(([, sharer]) => sharer === participant)
  for (const [id] of mine) stage.exchange.conversations.stopSharing(conversation, id)
  return said(null)
}

async function expectThat({ stage, person, value, options }: Task): Promise<StepResult> {
  const expected = value as Expectation // the value of this verb
  const holds = () => {
    person.look()
    const wrong = shortfalls(expected, person, stage)
    return wrong.length === 0 || wrong.some(({ final }) => final) ? wrong : null
  }
  const found = await until(stage, holds, msOf(options.within ?? expectsWithin))
  const wrong = found ?? shortfalls(expected, person, stage)
  if (wrong.length === 0) return said(null)
  throw new StepFailure(wrong.map(({ words }) => words).join('; '))
}

const said = (words: string | null): StepResult => ({ words })

/** What was waited for did not come, or no longer can: a StepFailure, unless the step says how to go on. */
function missed(words: string, otherwise: Options['otherwise']): StepResult {
  if (otherwise === undefined) throw new StepFailure(words)
  const instead = otherwiseSteps(otherwise)
  return { words, ...(instead && { instead }) }
}

const options = ['within', 'otherwise', 'to the end', 'gap', 'do']

/** What a step does, and with what. */
function partsOf(step: Step): [verb: string, value: unknown] {
  if (typeof step === 'string') return [step, null]
  return Object.entries(step).find(([name]) => !options.includes(name)) ?? ['', null]
}

/** A step as it was written, in one line. */
export function stepWords(step: Step): string {
  if (typeof step === 'string') return step
  return Object.entries(step)
    .filter(([name]) => name !== 'otherwise' && name !== 'do')
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}
