import { kindOf } from '#flow/blocks/index.ts'
import type { Weekday } from '#flow/calendar.ts'
import { programAt } from '#flow/compile.ts'
import type { Block, Flow } from '#flow/flow.ts'
import { keypad } from '#flow/keypad.ts'
import { Rehearsal } from '#flow/rehearse.ts'
import type { Shared } from '#flow/shared.ts'
import type { FlowLibrary } from '#flow/subFlows.ts'
import type { Cells } from '#flow/table.ts'
import type { Command } from '#flow/talk.ts'
import type { Value } from '#flow/values.ts'

/** A flow, and all that may happen to its calls: what callers do, what services answer, what calendars and tables say, how transfers end. */

/** What a call meets. */
export type World = {
  /** When it comes in: the next such day (of the week, or `MM-DD`), at this time of UTC. Without it, at any time. */
  on?: { day: Weekday | `${number}-${number}`; at: string }
  rows?: Readonly<Record<string, readonly Cells[]>>
  /** The number that it comes from; without it a user calls. */
  phone?: string
}

export type Answer = { status: number; json?: Value } | 'timeout' | 'network' | 'badBody' | 'error'

export type Scenario = {
  flow: Flow
  shared?: Shared
  /** The flows that it may enter. */
  flows?: FlowLibrary
  worlds?: Readonly<Record<string, World>>
  /** By block, what its callers type besides what the block itself tells. */
  typed?: Readonly<Record<string, readonly string[]>>
  /** By block, what its service answers besides failing. */
  answers?: Readonly<Record<string, readonly Answer[]>>
  /** Blocks whose command the telephone refuses, in some of the calls. */
  refused?: readonly string[]
}

/** One thing that happens to a call. `time`: nobody does anything. */
export type Act =
  | { do: 'time' | 'hangUp' }
  | { do: 'press'; keys: string }
  | { do: 'speak'; seconds: number; key?: string }
  | { do: 'answer'; answer: Answer }
  | { do: 'transfer'; outcome: 'accept' | 'decline' | 'notPermitted' }
  | { do: 'refuse'; command: Command['type'] }

/** What Graph says when it refuses something, and when the tenant does not permit a transfer. */
export const refusal = { status: 400, code: '8500' }
export const notPermitted = { status: 403, code: '7505' }
const codeOf = ({ status, code }: typeof refusal) => `${status}/${code}`

export const john = { id: '112f7296-5fa4-42ca-bae8-6a692b15d4b8', displayName: 'John' }

/** A call that comes in now, without a telephone. */
export function comesIn({ flow, flows, shared }: Scenario, { rows, phone }: World, from: number): Rehearsal {
  const caller = phone ? { phone } : { id: john.id, name: john.displayName }
  return new Rehearsal(flow, { shared, flows }, { from, caller, ...(rows && { tables: rows }) }).comesIn()
}

/** What may happen to a call as it stands, besides that its caller hangs up. */
export function actsOn(call: Rehearsal, scenario: Scenario): Act[] {
  const at = call.at ?? ''
  const { type = '' } = blockAt(call, scenario) ?? {}
  const passes: Act = { do: 'time' }
  const refuses = (command: Command['type']): Act[] =>
    scenario.refused?.includes(at) ? [{ do: 'refuse', command }] : []
  switch (call.waitsFor) {
    case 'nothing':
      return []
    case 'service':
      return answersTo(call, scenario).map((answer) => ({ do: 'answer', answer }))
    case 'transfer':
      return [
        ...(['accept', 'decline'] as const).map((outcome): Act => ({ do: 'transfer', outcome })),
        ...(type === 'transferToQueue' ? [{ do: 'transfer', outcome: 'notPermitted' } as const] : []),
      ]
    case 'message':
      return [
        passes,
        ...[4, 0.5].map((seconds): Act => ({ do: 'speak', seconds })),
        { do: 'speak', seconds: 4, key: '#' },
        ...refuses('record'),
      ]
    case 'tones':
      return [passes, ...refuses('sendTones')]
    case 'prompt':
      // Callers hear out what asks them something.
      return [passes, ...(kindOf(type)?.asksCaller ? [] : pressesAt(call, scenario)), ...refuses('play')]
    default:
      return [passes, ...pressesAt(call, scenario)]
  }
}

/** The block as it was drawn, in the flow that the call stands in. */
function blockAt({ stands }: Rehearsal, { flow, flows }: Scenario): Block | undefined {
  const drawn = stands.flow === null ? flow : flows?.get(stands.flow)?.flow
  return drawn?.blocks[stands.at ?? '']
}

function pressesAt(call: Rehearsal, scenario: Scenario): Act[] {
  const { at, listening } = call.stands
  const own = scenario.typed?.[at ?? ''] ?? []
  if (!listening || at === null) return []
  const { type, settings = {} } = blockAt(call, scenario) ?? {}
  const keys =
    programAt(call.program, call.stands)
      .nodes.get(at)
      ?.block.keys.map(({ key }) => key) ?? []
  const wrong = keypad.filter((key) => !keys.includes(key)).slice(0, 1)
  const all = type === 'collectDigits' ? [...own, ...numbersFor(settings)] : [...own, ...keys, ...wrong]
  return [...new Set(all)].map((keys) => ({ do: 'press', keys }))
}

/** A number of the fewest digits, nothing at all, and one that is too short. */
function numbersFor({ minDigits = 1, maxDigits = 10 }: Readonly<Record<string, Value>>): string[] {
  const least = '1'.repeat(Number(minDigits))
  return [minDigits === maxDigits ? least : `${least}#`, '#', ...(Number(minDigits) > 1 ? ['1#'] : [])]
}

function answersTo(call: Rehearsal, scenario: Scenario): readonly Answer[] {
  const { statuses = ['2xx'] } = blockAt(call, scenario)?.settings ?? {}
  const given =
    scenario.answers?.[call.at ?? ''] ??
    (statuses as string[]).map((name) => ({ status: Number(name.replaceAll('x', '0')), json: {} }))
  return [...given, { status: 500 }, 'timeout', 'network', 'badBody']
}

/** Lets one thing happen to a call without a telephone. */
export function act(call: Rehearsal, doing: Act): Rehearsal {
  switch (doing.do) {
    case 'hangUp':
      return call.hangsUp()
    case 'press':
      return call.presses(doing.keys)
    case 'speak':
      return call.speaks(doing.seconds, doing.key)
    case 'answer': {
      const { answer } = doing
      if (typeof answer === 'string') return call.responds({ failed: answer, problem: answer, ms: 1 })
      return call.responds({ status: answer.status, text: JSON.stringify(answer.json ?? null) })
    }
    case 'transfer':
      if (doing.outcome === 'accept') return call.transferSucceeds()
      return doing.outcome === 'decline' ? call.transferFails() : call.commandFails('transfer', codeOf(notPermitted))
    case 'refuse':
      return call.commandFails(doing.command, codeOf(refusal))
    case 'time':
      return timePasses(call)
  }
}

function timePasses(call: Rehearsal): Rehearsal {
  switch (call.waitsFor) {
    case 'answer':
      return call.isHeard()
    case 'redirect':
      return call.redirectEnds()
    case 'prompt':
      return call.promptFinishes()
    default:
      return call.staysSilent()
  }
}
