import type { IdentitySet } from '#communications/wire/types.ts'
import type { Clock } from '#ground/clock.ts'
import { sameId } from '#ground/ids.ts'
import type { Settings } from '../settings.ts'
import type { Participant } from '../world/call.ts'
import type { Exchange } from '../world/exchange.ts'
import { personId } from '../world/identity.ts'
import type { Meeting } from '../world/meetings.ts'
import { type Expectation, msOf } from './script.ts'
import { isSame, type PromptEntry, type ScriptPerson } from './scriptPerson.ts'

/** Whether things are as a script expects, and in plain words how they are instead. */

/** What the people of a running script have around them. */
export type Stage = {
  settings: Settings
  clock: Clock
  exchange: Exchange
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
  const end = person.end()
  if (!end) return person.look() ? callWords(person) : 'is no longer there; the bot still is'
  const { by, result } = end
  const who = { bot: 'the bot', caller: 'the person', service: 'the service' }[by]
  return `ended by ${who}${result ? ` (${result.code}/${result.subcode} ${result.message ?? ''})` : ''}`
}

export const callWords = (person: ScriptPerson): string => {
  const call = person.calls().at(-1)
  return call ? `the call is ${call.state}` : 'no bot is there'
}

export function isNamed(participant: Participant, name: string, { people }: Stage): boolean {
  if (name === 'the bot') return Boolean(participant.call)
  const identity = people.get(name)
  return Boolean(identity && isSame(participant.identity, identity))
}

type Shortfall = { words: string /** Time will not heal it. */; final?: boolean }

/** In what things are not as expected. */
export function shortfalls(expected: Expectation, person: ScriptPerson, stage: Stage): Shortfall[] {
  const call = person.calls().at(-1)
  const end = person.end()
  const wrong: Shortfall[] = []
  const check = (isRight: boolean, words: () => string, final = false) => {
    if (!isRight) wrong.push({ words: words(), final })
  }
  const { state, heard, code, subcode, recorded, muted } = expected
  const notHeard = expected['not heard']
  const by = expected['ended by']
  const to = expected['transferred to']
  const prompts = person.prompts()

  if (state !== undefined) {
    check(
      call?.state === state,
      () => `expected the call to be ${state}; ${call ? callWords(person) : 'there is no call'}`,
    )
  }
  if (heard !== undefined) {
    check(
      prompts.some((one) => says(one, heard)),
      () => `expected to hear ${quoted(heard)}; ${whatWasHeard(prompts)}`,
    )
  }
  if (notHeard !== undefined) {
    const found = prompts.find((one) => says(one, notHeard))
    check(!found, () => `expected not to hear ${quoted(notHeard)}; heard ${quoted(found?.text ?? '')}`, true)
  }
  if (by !== undefined)
    check(end?.by === by, () => `expected the call to be ended by the ${by}; ${howItEnded(person)}`, Boolean(end))
  if (code !== undefined)
    check(end?.result?.code === code, () => `expected code ${code}; ${howItEnded(person)}`, Boolean(end))
  if (subcode !== undefined) {
    check(end?.result?.subcode === subcode, () => `expected subcode ${subcode}; ${howItEnded(person)}`, Boolean(end))
  }
  if (to !== undefined) {
    const identity = stage.people.get(to)
    const wanted = identity ? personId(identity) : to
    const transfers = person
      .entries()
      .flatMap((entry) => (entry.kind === 'transfer' || entry.kind === 'redirected' ? [entry] : []))
    const words = transfers.map(({ id, outcome }) => `${nameOf(id, stage)}: ${outcome ?? 'asked'}`)
    check(
      transfers.some(({ id, outcome }) => sameId(id ?? '', wanted ?? '') && outcome === 'accept'),
      () => `expected a transfer to ${to}; ${words.length > 0 ? words.join(', ') : 'there was none'}`,
    )
  }
  if (recorded !== undefined) {
    const longest = Math.max(0, ...person.entries().map((entry) => (entry.kind === 'recorded' ? entry.durationMs : 0)))
    check(longest >= msOf(recorded), () => `expected a recording of ${recorded}; the longest is ${longest} ms`)
  }
  const place = person.look()
  const others = place ? [...place.conversation.participants.values()].filter(({ isInLobby }) => !isInLobby) : []
  for (const name of expected.with ?? []) {
    check(
      others.some((one) => isNamed(one, name, stage)),
      () =>
        `expected ${name} in the same conversation; there are: ${others.map((one) => participantName(one)).join(', ') || 'nobody'}`,
    )
  }
  const inLobby = expected['in lobby']
  if (inLobby !== undefined) {
    check(
      place?.participant.isInLobby === inLobby,
      () => `expected ${inLobby ? '' : 'not '}to be in the lobby; ${whereWords(person)}`,
    )
  }
  if (muted !== undefined) {
    check(place?.participant.isMuted === muted, () => `expected to be ${muted ? '' : 'un'}muted; ${whereWords(person)}`)
  }
  return wrong
}

function whereWords(person: ScriptPerson): string {
  const place = person.look()
  if (!place) return 'is on no call'
  const { isInLobby, isMuted } = place.participant
  return `is ${isInLobby ? 'in the lobby' : place.conversation.kind === 'meeting' ? 'in the meeting' : 'on the call'}, ${isMuted ? 'muted' : 'not muted'}`
}

const nameOf = (id: string | null, { people }: Stage): string =>
  [...people].find(([, identity]) => id !== null && sameId(personId(identity) ?? '', id))?.[0] ?? id ?? 'nobody'

const participantName = ({ call, identity }: Participant): string =>
  call ? 'the bot' : (identity.user?.displayName ?? identity.guest?.displayName ?? identity.phone?.id ?? 'somebody')
