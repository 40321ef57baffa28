import type { IdentitySet } from '#communications/wire/types.ts'
import { sameId } from '#ground/ids.ts'
import type { Call, Participant } from '../world/call.ts'
import { isSame, personId } from '../world/identity.ts'
import type { Meeting } from '../world/meetings.ts'
import type { World } from '../world/world.ts'
import { type Expectation, msOf } from './script.ts'
import { callsOf, endOf, entriesOf, type PromptEntry, placeOf, promptsOf, type ScriptPerson } from './scriptPerson.ts'

/** Whether things are as a script expects, and in plain words how they are instead. */

/** What the people of a running script have around them. */
export type Stage = {
  world: World
  /** Aborted when the script is over, or its time. */
  signal: AbortSignal
  people: Map<string, IdentitySet>
  meetings: Map<string, Meeting>
  sounds: Map<string, Int16Array>
}

export const quoted = (text: string): string => `“${text}”`

export const says = ({ text }: PromptEntry, wanted: string): boolean =>
  wanted === '*' || Boolean(text?.toLowerCase().includes(wanted.toLowerCase()))

/** So many of the last prompts are told. */
const promptsTold = 5

export function whatWasHeard(prompts: PromptEntry[]): string {
  if (prompts.length === 0) return 'heard nothing'
  const told = prompts.slice(-promptsTold).map(({ text }) => quoted(text ?? 'a prompt without a text'))
  return `heard: ${prompts.length > promptsTold ? '… ' : ''}${told.join(', ')}`
}

/** How the latest call ended, or where it stands. */
export function howItEnded(person: ScriptPerson): string {
  const end = endOf(person)
  if (!end) return placeOf(person) ? callWords(person) : 'is no longer there; the bot still is'
  const { by, result } = end
  const who = { bot: 'the bot', caller: 'the person', service: 'the service' }[by]
  return `ended by ${who}${result ? ` (${result.code}/${result.subcode} ${result.message ?? ''})` : ''}`
}

export const callWords = (person: ScriptPerson): string => {
  const call = callsOf(person).at(-1)
  return call ? `the call is ${call.state}` : 'no bot is there'
}

export function isNamed(participant: Participant, name: string, { people }: Stage): boolean {
  if (name === 'the bot') return Boolean(participant.call)
  const identity = people.get(name)
  return Boolean(identity && isSame(participant.identity, identity))
}

/** In what things are not as expected. `isFinal`: time will not heal it. */
export function shortfalls(expected: Expectation, person: ScriptPerson, stage: Stage) {
  const seen = { person, stage, call: callsOf(person).at(-1), end: endOf(person), prompts: promptsOf(person) }
  const names = Object.keys(checks) as (keyof Expectation)[] // the table has just these
  return names.flatMap((name) => {
    const words = shortfallOf(name, expected, seen)
    const isFinal = name === 'not heard' || (seen.end !== null && ['ended by', 'code', 'subcode'].includes(name))
    return words === null ? [] : { words, isFinal }
  })
}

function shortfallOf<Name extends keyof Expectation>(name: Name, expected: Expectation, seen: Seen): string | null {
  const wanted = expected[name]
  return wanted === undefined ? null : checks[name](wanted as NonNullable<Expectation[Name]>, seen) // undefined is ruled out
}

type Seen = {
  person: ScriptPerson
  stage: Stage
  call: Call | undefined
  end: ReturnType<typeof endOf>
  prompts: PromptEntry[]
}

/**
 * How each member of an expectation is looked at: what is wrong with it in words, null for nothing. One that the format knows and that is
 * not here does not compile.
 */
const checks: {
  [Name in keyof Required<Expectation>]: (wanted: NonNullable<Expectation[Name]>, seen: Seen) => string | null
} = {
  state(state, { call, person }) {
    if (call?.state === state) return null
    return `expected the call to be ${state}; ${call ? callWords(person) : 'there is no call'}`
  },
  heard(heard, { prompts }) {
    if (prompts.some((one) => says(one, heard))) return null
    return `expected to hear ${quoted(heard)}; ${whatWasHeard(prompts)}`
  },
  'not heard'(notHeard, { prompts }) {
    const found = prompts.find((one) => says(one, notHeard))
    return found ? `expected not to hear ${quoted(notHeard)}; heard ${quoted(found.text ?? '')}` : null
  },
  'ended by': (by, { end, person }) =>
    end?.by === by ? null : `expected the call to be ended by the ${by}; ${howItEnded(person)}`,
  code: (code, { end, person }) => (end?.result?.code === code ? null : `expected code ${code}; ${howItEnded(person)}`),
  subcode: (subcode, { end, person }) =>
    end?.result?.subcode === subcode ? null : `expected subcode ${subcode}; ${howItEnded(person)}`,
  'transferred to'(to, { person, stage }) {
    const identity = stage.people.get(to)
    const wanted = identity ? personId(identity) : to
    const transfers = entriesOf(person).flatMap((entry) =>
      entry.kind === 'transfer' || entry.kind === 'redirected' ? [entry] : [],
    )
    if (transfers.some(({ id, outcome }) => sameId(id ?? '', wanted ?? '') && outcome === 'accept')) return null
    const words = transfers.map(({ id, outcome }) => `${nameOf(id, stage)}: ${outcome ?? 'asked'}`)
    return `expected a transfer to ${to}; ${words.join(', ') || 'there was none'}`
  },
  recorded(recorded, { person }) {
    const longest = Math.max(0, ...entriesOf(person).map((entry) => (entry.kind === 'recorded' ? entry.durationMs : 0)))
    return longest >= msOf(recorded) ? null : `expected a recording of ${recorded}; the longest is ${longest} ms`
  },
  with(names, { person, stage }) {
    const everyone = placeOf(person)?.conversation.participants.values() ?? []
    const others = [...everyone].filter(({ isInLobby }) => !isInLobby)
    const there = others.map((one) => participantName(one)).join(', ') || 'nobody'
    const missing = names.filter((name) => !others.some((one) => isNamed(one, name, stage)))
    const words = missing.map((name) => `expected ${name} in the same conversation; there are: ${there}`)
    return words.length > 0 ? words.join('; ') : null
  },
  'in lobby'(inLobby, { person }) {
    if (placeOf(person)?.participant.isInLobby === inLobby) return null
    return `expected ${inLobby ? '' : 'not '}to be in the lobby; ${whereWords(person)}`
  },
  muted(muted, { person }) {
    if (placeOf(person)?.participant.isMuted === muted) return null
    return `expected to be ${muted ? '' : 'un'}muted; ${whereWords(person)}`
  },
}

function whereWords(person: ScriptPerson): string {
  const place = placeOf(person)
  if (!place) return 'is on no call'
  const { isInLobby, isMuted } = place.participant
  return `is ${isInLobby ? 'in the lobby' : place.conversation.kind === 'meeting' ? 'in the meeting' : 'on the call'}, ${isMuted ? 'muted' : 'not muted'}`
}

const nameOf = (id: string | null, { people }: Stage): string =>
  [...people].find(([, identity]) => id !== null && sameId(personId(identity) ?? '', id))?.[0] ?? id ?? 'nobody'

const participantName = ({ call, identity }: Participant): string =>
  call ? 'the bot' : (identity.user?.displayName ?? identity.guest?.displayName ?? identity.phone?.id ?? 'somebody')
