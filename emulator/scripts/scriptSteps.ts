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

type Waiting = { within?: Duration | undefined; otherwise?: Parameters<typeof otherwiseSteps>[0] | undefined }

/** What a step brought: in words, and other steps instead of those that follow. */
export type StepResult = { words: string | null; instead?: Step[] }

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

/** Does one step. Throws a StepFailure. Repetitions are done by who calls this. */
export async function carryOut(stage: Stage, person: ScriptPerson, step: Step): Promise<StepResult> {
  const { clock, signal, exchange, settings } = stage
  const { conversations } = exchange

  const pause = async (time: Duration) => {
    const wasThere = Boolean(person.look())
    const left = await until(stage, () => (wasThere && !person.look() ? true : null), msOf(time))
    return said(left ? `the call was over before the ${time} were: ${howItEnded(person)}` : null)
  }
  const here = () => {
    const place = person.look()
    if (place) return place
    throw new StepFailure(person.calls().length > 0 ? `is on no call any more: ${howItEnded(person)}` : 'is on no call')
  }
  const inside = () => {
    const place = here()
    if (!place.participant.isInLobby) return place
    throw new StepFailure('still waits in the lobby')
  }
  /** Waits for something, and else does what the step says. */
  const waitFor = async <T>(
    what: string,
    check: () => T | null,
    step: Waiting,
    instead: () => string,
  ): Promise<T | StepResult> => {
    const time = step.within ?? waitsAtMost
    const found = await until(stage, check, msOf(time))
    if (found !== null) return found
    const words = `waited ${signal.aborted ? 'in vain' : time} for ${what}; ${instead()}`
    if (step.otherwise === undefined || signal.aborted) throw new StepFailure(words)
    const others = otherwiseSteps(step.otherwise)
    return { words, ...(others && { instead: others }) }
  }
  /** Waits for something on the calls of bots. Once they are over nothing more comes. */
  const hearOf = async <T extends Entry>(
    what: string,
    matches: (entry: Entry) => entry is T,
    step: Waiting,
    instead: () => string,
  ): Promise<T | StepResult> => {
    const check = () => {
      const place = person.look()
      return person.listen(matches) ?? (!place && person.calls().length > 0 ? 'over' : null)
    }
    const result = await waitFor(what, check, step, instead)
    if (result !== 'over') return result
    return missed(`the call was over before ${what} came: ${howItEnded(person)}; ${instead()}`, step.otherwise)
  }
  const share = (on: boolean) => {
    const { conversation, participant } = inside()
    if (on) conversations.startSharing(conversation, participant)
    const mine = [...conversation.contentSharingSessions].filter(([, sharer]) => !on && sharer === participant)
    for (const [id] of mine) conversations.stopSharing(conversation, id)
  }

  const [verb, value] = partsOf(step)
  const more = (typeof step === 'object' ? step : {}) as Waiting // which steps have these members, the schema says
  /** Of the steps whose value says how long they wait. */
  const within = typeof value === 'string' ? value : undefined
  switch (verb) {
    case 'wait':
    case 'stay silent':
      return pause(String(value))

    case 'wait for prompt': {
      const wanted = value === null ? '*' : String(value)
      const what = wanted === '*' ? 'a prompt' : `a prompt with ${quoted(wanted)}`
      const before = person.prompts().length
      const matches = (entry: Entry): entry is PromptEntry => entry.kind === 'prompt' && says(entry, wanted)
      const result = await hearOf(what, matches, more, () => whatWasHeard(person.prompts().slice(before)))
      if (!('kind' in result)) return result
      if (typeof step === 'object' && 'to the end' in step && step['to the end']) {
        const { media, operationId } = result
        const isOver = (entry: Entry) =>
          entry.kind === 'promptEnded' && entry.media === media && entry.operationId === operationId
        await until(
          stage,
          () => (person.entries().some(isOver) || !person.look() ? true : null),
          result.durationMs + 60_000,
        )
      }
      return said(`heard ${quoted(result.text ?? 'a prompt without a text')}`)
    }

    case 'wait for beep': {
      const matches = (entry: Entry): entry is Entry & { kind: 'recording' } => entry.kind === 'recording'
      const result = await hearOf('a beep', matches, { ...more, within }, () => 'the bot did not begin to record')
      return 'kind' in result ? said('the bot records') : result
    }

    case 'wait for end': {
      if (person.calls().length === 0) here()
      const result = await waitFor(
        'the end',
        () => (person.look() ? null : true),
        { ...more, within },
        () => {
          const heard = whatWasHeard(person.prompts())
          return `the call is ${person.calls().at(-1)?.state ?? 'still there'}; ${heard}`
        },
      )
      return result === true ? said(howItEnded(person)) : result
    }

    case 'wait to be admitted': {
      here()
      const check = () => {
        const place = person.look()
        if (!place) return 'over'
        return place.participant.isInLobby ? null : 'in'
      }
      const result = await waitFor(
        'somebody to let them in',
        check,
        { ...more, within },
        () => 'still waits in the lobby',
      )
      if (result === 'over')
        return missed('was not let in: the meeting is over, or somebody removed them', more.otherwise)
      return result === 'in' ? said('is in the meeting') : result
    }

    case 'press': {
      inside()
      const call = person.bot()
      if (!call) throw new StepFailure(`no bot hears keys: ${callWords(person)}`)
      const keys = String(value)
      const gap = typeof step === 'object' && 'gap' in step && step.gap !== undefined ? msOf(step.gap) : keyGapMs
      person.listened()
      const last = call.transcript.after(0).at(-1)?.n ?? 0
      exchange.press(call, keys, gap)
      const unheard = call.transcript.after(last).some((entry) => entry.kind === 'tone' && !entry.heard)
      await sleep(clock, (keys.length - 1) * gap, signal)
      return said(unheard ? 'the bot does not listen for keys' : null)
    }

    case 'speak': {
      const { conversation } = inside()
      const spoken = String(value)
      const samples = isSound(spoken) ? (stage.sounds.get(spoken) ?? new Int16Array()) : null
      const lastsMs = samples ? samples.length / 16 : msOf(spoken)
      person.listened()
      conversations.speak(conversation, lastsMs, samples)
      await sleep(clock, lastsMs / settings.playbackSpeed, signal)
      return said(null)
    }

    case 'hang up':
    case 'leave': {
      if (person.look()) {
        person.leave()
        return said(null)
      }
      if (person.calls().length === 0) here()
      return said(`it was over already: ${howItEnded(person)}`)
    }

    case 'join meeting': {
      if (person.look()) throw new StepFailure('is on a call already')
      const meeting = stage.meetings.get(String(value))
      // The script was checked: it is there.
      if (!meeting || meeting.locked) throw new StepFailure('the meeting is locked')
      const participant = conversations.personJoins(meeting, person.identity)
      person.enter(conversations.ofMeeting(meeting), participant)
      return said(participant.isInLobby ? 'waits in the lobby' : 'is in the meeting')
    }

    case 'admit': {
      const wanted = String(value)
      const { conversation } = inside()
      const waiting = () => {
        const found = [...conversation.participants.values()].filter(
          (one) => one.isInLobby && (wanted === 'everyone' || isNamed(one, wanted, stage)),
        )
        return found.length > 0 ? found : null
      }
      const result = await waitFor(`${wanted} in the lobby`, waiting, more, () => {
        const names = [...conversation.participants.values()].filter(({ isInLobby }) => isInLobby).length
        return names > 0 ? `${names} others wait there` : 'nobody waits there'
      })
      if (!Array.isArray(result)) return result
      for (const participant of result) conversations.admit(conversation, participant)
      return said(`let ${result.length} in`)
    }

    case 'mute':
    case 'unmute': {
      const { conversation, participant } = inside()
      conversations.personMutes(conversation, participant, verb === 'mute')
      return said(null)
    }
    case 'share':
    case 'stop sharing':
      share(verb === 'share')
      return said(null)

    case 'fail':
      throw new StepFailure(String(value))

    case 'expect': {
      const expected = value as Expectation // the value of this verb
      const time = more.within ?? expectsWithin
      const holds = () => {
        person.look()
        const wrong = shortfalls(expected, person, stage)
        return wrong.length === 0 || wrong.some(({ final }) => final) ? wrong : null
      }
      const wrong = (await until(stage, holds, msOf(time))) ?? shortfalls(expected, person, stage)
      if (wrong.length === 0) return said(null)
      throw new StepFailure(wrong.map(({ words }) => words).join('; '))
    }
  }
  throw new StepFailure('is no step')
}

const said = (words: string | null): StepResult => ({ words })

/** What was waited for can no longer come. */
function missed(words: string, otherwise: Waiting['otherwise']): StepResult {
  if (otherwise === undefined) throw new StepFailure(words)
  const instead = otherwiseSteps(otherwise)
  return { words, ...(instead && { instead }) }
}

const options = ['within', 'otherwise', 'to the end', 'gap', 'do']

/** What a step does, and with what. */
export function partsOf(step: Step): [verb: string, value: unknown] {
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
