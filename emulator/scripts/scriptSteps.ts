import { sleep } from '#ground/clock.ts'
import { admit, ofMeeting, personJoins } from '../world/conversations.ts'
import { setMuted } from '../world/participants.ts'
import { press } from '../world/person.ts'
import { speak } from '../world/recorder.ts'
import { startSharing, stopSharing } from '../world/roster.ts'
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
import {
  botOf,
  callsOf,
  enter,
  entriesOf,
  goAway,
  listen,
  type PromptEntry,
  placeOf,
  promptsOf,
  type ScriptPerson,
  stopListening,
} from './scriptPerson.ts'

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
export async function until<T>({ world, signal }: Stage, check: () => T | null, withinMs: number): Promise<T | null> {
  const { clock } = world
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
  const written: Record<string, unknown> = typeof step === 'string' ? { [step]: null } : step
  const verb = Object.keys(written).find((name): name is Verb => Object.hasOwn(verbs, name))
  if (!verb) throw new StepFailure('is no step')
  return verbs[verb]({ stage, person, value: written[verb], options: written as Options }) // which steps have these, the schema says
}

/** What each verb does. One that the format knows and that is not here does not compile. */
const verbs: Record<Verb, (task: Task) => StepResult | Promise<StepResult>> = {
  wait: pause,
  'stay silent': pause,
  async 'wait for prompt'(task) {
    const { stage, person, value, options } = task
    const wanted = value === null ? '*' : String(value)
    const what = wanted === '*' ? 'a prompt' : `a prompt with ${quoted(wanted)}`
    const before = promptsOf(person).length
    const matches = (entry: Entry): entry is PromptEntry => entry.kind === 'prompt' && says(entry, wanted)
    const result = await hearOf(task, what, matches, () => whatWasHeard(promptsOf(person).slice(before)))
    if (!('kind' in result)) return result
    const { media, operationId, durationMs, text } = result
    const isOver = (entry: Entry) =>
      entry.kind === 'promptEnded' && entry.media === media && entry.operationId === operationId
    const hasSounded = () => (entriesOf(person).some(isOver) || !placeOf(person) ? true : null)
    if (options['to the end']) await until(stage, hasSounded, durationMs + 60_000)
    return said(`heard ${quoted(text ?? 'a prompt without a text')}`)
  },
  async 'wait for beep'(task) {
    const matches = (entry: Entry): entry is Entry & { kind: 'recording' } => entry.kind === 'recording'
    const result = await hearOf(waitingItsValue(task), 'a beep', matches, () => 'the bot did not begin to record')
    return 'kind' in result ? said('the bot records') : result
  },
  async 'wait for end'(task) {
    const { person } = task
    if (callsOf(person).length === 0) onCall(person)
    const isOver = () => (placeOf(person) ? null : true)
    const result = await waitFor(waitingItsValue(task), 'the end', isOver, () => {
      const heard = whatWasHeard(promptsOf(person))
      return `the call is ${callsOf(person).at(-1)?.state ?? 'still there'}; ${heard}`
    })
    return result === true ? said(howItEnded(person)) : result
  },
  async 'wait to be admitted'(task) {
    const { person, options } = task
    onCall(person)
    const check = () => {
      const place = placeOf(person)
      if (!place) return 'over'
      return place.participant.isInLobby ? null : 'in'
    }
    const inTheLobby = () => 'still waits in the lobby'
    const result = await waitFor(waitingItsValue(task), 'somebody to let them in', check, inTheLobby)
    if (result === 'over')
      return missed('was not let in: the meeting is over, or somebody removed them', options.otherwise)
    return result === 'in' ? said('is in the meeting') : result
  },
  async press({ stage, person, value, options }) {
    insideOf(person)
    const call = botOf(person)
    if (!call) throw new StepFailure(`no bot hears keys: ${callWords(person)}`)
    const keys = String(value)
    const gap = options.gap === undefined ? keyGapMs : msOf(options.gap)
    stopListening(person)
    const last = call.transcript.after(0).at(-1)?.n ?? 0
    press(stage.world, call, keys, gap)
    const unheard = call.transcript.after(last).some((entry) => entry.kind === 'tone' && !entry.heard)
    await sleep(stage.world.clock, (keys.length - 1) * gap, stage.signal)
    return said(unheard ? 'the bot does not listen for keys' : null)
  },
  async speak({ stage, person, value }) {
    const { conversation } = insideOf(person)
    const { clock, settings } = stage.world
    const spoken = String(value)
    const samples = isSound(spoken) ? (stage.sounds.get(spoken) ?? new Int16Array()) : null
    const lastsMs = samples ? samples.length / 16 : msOf(spoken)
    stopListening(person)
    speak(stage.world, conversation, lastsMs, samples)
    await sleep(clock, lastsMs / settings.playbackSpeed, stage.signal)
    return said(null)
  },
  'hang up': goHome,
  leave: goHome,
  'join meeting'({ stage, person, value }) {
    if (placeOf(person)) throw new StepFailure('is on a call already')
    const meeting = stage.meetings.get(String(value))
    // The script was checked: it is there.
    if (!meeting || meeting.locked) throw new StepFailure('the meeting is locked')
    const participant = personJoins(stage.world, meeting, person.identity)
    enter(person, ofMeeting(stage.world, meeting), participant)
    return said(participant.isInLobby ? 'waits in the lobby' : 'is in the meeting')
  },
  async admit(task) {
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
    for (const participant of result) admit(stage.world, conversation, participant)
    return said(`let ${result.length} in`)
  },
  mute: (task) => mute(task, true),
  unmute: (task) => mute(task, false),
  share({ stage, person }) {
    const { conversation, participant } = insideOf(person)
    startSharing(stage.world, conversation, participant)
    return said(null)
  },
  'stop sharing'({ stage, person }) {
    const { conversation, participant } = insideOf(person)
    const mine = [...conversation.contentSharingSessions].filter(([, sharer]) => sharer === participant)
    for (const [id] of mine) stopSharing(stage.world, conversation, id)
    return said(null)
  },
  async expect({ stage, person, value, options }) {
    const expected = value as Expectation // the value of this verb
    const holds = () => {
      placeOf(person)
      const wrong = shortfalls(expected, person, stage)
      return wrong.length === 0 || wrong.some(({ isFinal }) => isFinal) ? wrong : null
    }
    const found = await until(stage, holds, msOf(options.within ?? expectsWithin))
    const wrong = found ?? shortfalls(expected, person, stage)
    if (wrong.length === 0) return said(null)
    throw new StepFailure(wrong.map(({ words }) => words).join('; '))
  },
  fail({ value }) {
    throw new StepFailure(String(value))
  },
}

async function pause({ stage, person, value }: Task): Promise<StepResult> {
  const time = String(value)
  const wasThere = Boolean(placeOf(person))
  const left = await until(stage, () => (wasThere && !placeOf(person) ? true : null), msOf(time))
  return said(left ? `the call was over before the ${time} were: ${howItEnded(person)}` : null)
}

function goHome({ person }: Task): StepResult {
  if (placeOf(person)) {
    goAway(person)
    return said(null)
  }
  if (callsOf(person).length === 0) onCall(person)
  return said(`it was over already: ${howItEnded(person)}`)
}

function mute({ stage, person }: Task, isMuted: boolean): StepResult {
  const { conversation, participant } = insideOf(person)
  setMuted(stage.world, conversation, participant, isMuted)
  return said(null)
}

/** Where somebody is, the lobby too. Throws a StepFailure for who is nowhere. */
function onCall(person: ScriptPerson) {
  const place = placeOf(person)
  if (place) return place
  throw new StepFailure(callsOf(person).length > 0 ? `is on no call any more: ${howItEnded(person)}` : 'is on no call')
}

/** As `onCall`, for what nobody can do in the lobby. */
function insideOf(person: ScriptPerson) {
  const place = onCall(person)
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
    const place = placeOf(person)
    return listen(person, matches) ?? (!place && callsOf(person).length > 0 ? 'over' : null)
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

const said = (words: string | null): StepResult => ({ words })

/** What was waited for did not come, or no longer can: a StepFailure, unless the step says how to go on. */
function missed(words: string, otherwise: Options['otherwise']): StepResult {
  if (otherwise === undefined) throw new StepFailure(words)
  const instead = otherwiseSteps(otherwise)
  return { words, ...(instead && { instead }) }
}

/** A step as it was written, in one line. */
export function stepWords(step: Step): string {
  if (typeof step === 'string') return step
  return Object.entries(step)
    .filter(([name]) => name !== 'otherwise' && name !== 'do')
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ')
}
