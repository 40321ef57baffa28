import type { BlockView } from '#flow/check.ts'
import type { Flow } from '#flow/flow.ts'
import { flowMessages } from '#flow/messages/index.ts'
import { callOutcomes } from '#flow/outcome.ts'
import { callsMessages as words } from '../messages/calls.ts'
import type { CallItem } from '../wire.ts'
import { isDrawn, type Stay } from './visits.ts'

type Call = Pick<CallItem, 'caller' | 'outcome' | 'endCode' | 'endSubcode' | 'lastBlock' | 'state'>

const looksLikePhone = (id: string) => /^\+\d{4,}$/.test(id)

/** Name, number, or both, as far as they are known. Object ids say nothing to people. */
export function callerWords({ caller }: Pick<Call, 'caller'>): string {
  const phone = caller.id !== null && looksLikePhone(caller.id) ? caller.id : null
  return [caller.name, phone].filter(Boolean).join(', ') || words.unknownCaller
}

/** How a call came out, in a few words. */
export function outcomeWords({ outcome, lastBlock, endCode, endSubcode }: Call): string {
  if (outcome === null) return endWords(endCode, endSubcode) ?? ''
  const withBlock = words.outcomeIn[outcome]
  if (lastBlock?.name && withBlock) return withBlock(lastBlock.name)
  return words.outcomes[outcome] ?? outcome
}

/** Why a call ended, from the platform's code and subcode. Null when it said none; unknown pairs are shown as they are. */
export function endWords(code: number | null, subcode: number | null): string | null {
  if (code === null) return null
  const pair = subcode === null ? `${code}` : `${code}/${subcode}`
  return words.ends[pair] ?? words.endUnknown(pair)
}

export type Mark = 'live' | 'fine' | 'left' | 'bad'

export function markOf({ state, outcome }: Pick<Call, 'state' | 'outcome'>): Mark {
  if (state === 'live') return 'live'
  // One that is not in the list is a newer one's, and may be anything but fine.
  const came = new Map<string | null, string>(Object.entries(callOutcomes)).get(outcome)
  return came === 'served' ? 'fine' : came === 'left' ? 'left' : 'bad'
}

export function blockName(flow: Flow, block: string): string {
  if (!isDrawn(block)) return block === '$apology' ? words.apology : words.end
  return flow.blocks[block]?.name ?? block
}

/** What happened in a block: "Menu · asked again once: nothing pressed · Pressed 1: Sales". */
export function stayWords(view: BlockView | undefined, stay: Stay): string {
  const type = view?.kind ? (flowMessages.blocks[view.kind.type]?.label ?? view.kind.type) : null
  const again =
    stay.again.length === 0
      ? null
      : `${words.askedAgain(stay.again.length)}: ${[...new Set(stay.again)].map((why) => words.again[why] ?? why).join(', ')}`
  const left = stay.exit === null ? null : exitWords(view, stay.exit)
  const digits = stay.digits === null ? null : words.digits(stay.digits)
  return [type, again, left, digits].filter((part) => part !== null).join(' · ')
}

/** An exit as people call it. */
function exitWords(view: BlockView | undefined, name: string): string {
  const exit = view?.exits.find((one) => one.name === name)
  if (exit?.key !== undefined) return words.pressed(exit.key, exit.label ?? '')
  return exit?.label || (flowMessages.exits[name] ?? name)
}

/** What a failed step means. Codes that nobody explains are shown as they are. */
export function problemWords(problem: string): string {
  const failures: Readonly<Record<string, string>> = flowMessages.failures
  return failures[problem] ?? words.failures[problem] ?? words.said(problem)
}
