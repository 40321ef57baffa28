import { answerId, apologyId } from '#flow/addedBlocks.ts'
import type { Flow } from '#flow/flow.ts'
import { flowMessages } from '#flow/messages/index.ts'
import type { BlockView } from '#flow/view.ts'
import { callsMessages as words } from '../messages/calls.ts'
import { lengthOf } from '../shell/words.ts'
import type { CallItem } from '../wire.ts'
import { isDrawn, type Stay } from './visits.ts'

const looksLikePhone = (id: string) => /^\+\d{4,}$/.test(id)

/** What is known of a caller. Object ids say nothing to people. */
export function callerParts({ caller }: Pick<CallItem, 'caller'>): { name: string | null; phone: string | null } {
  return { name: caller.name, phone: caller.id !== null && looksLikePhone(caller.id) ? caller.id : null }
}

/** Name, number, or both, as far as they are known. */
export function callerWords(call: Pick<CallItem, 'caller'>): string {
  const { name, phone } = callerParts(call)
  return [name, phone].filter(Boolean).join(', ') || words.unknownCaller
}

export function blockName(flow: Flow, block: string): string {
  if (block === answerId) return words.answeredFirst
  if (!isDrawn(block)) return block === apologyId ? words.apology : words.end
  return flow.blocks[block]?.name ?? block
}

/** What happened in a block: "Menu · asked again once: nothing pressed · Pressed 1: Sales". */
export function stayWords(view: BlockView | undefined, stay: Stay): string {
  const type = view?.kind ? (flowMessages.blocks[view.kind.type]?.label ?? view.kind.type) : null
  const again =
    stay.again.length === 0
      ? null
      : `${words.askedAgain(stay.again.length)}: ${[...new Set(stay.again)].map((why) => words.again[why] ?? why).join(', ')}`
  const left = stay.exit === null || !isDrawn(stay.block) ? null : leftWords(view, stay)
  const length = stay.exit === 'recorded' && stay.seconds !== null ? lengthOf(stay.seconds * 1000) : null
  const digits = stay.digits === null ? null : words.digits(stay.digits)
  return [type, again, left, length, digits, stay.noted].filter((part) => part !== null).join(' · ')
}

/** How a block was left: by the exit that has no name of its own, a message was heard to its end. */
function leftWords(view: BlockView | undefined, { exit, problem }: Stay): string {
  if (problem !== null && exit === 'error') return words.failedHere
  return exit === 'done' && view?.kind?.category === 'speak' ? words.played : exitWords(view, exit ?? '')
}

/** An exit as people call it. */
function exitWords(view: BlockView | undefined, name: string): string {
  const exit = view?.exits.find((one) => one.name === name)
  if (exit?.key !== undefined) return words.pressed(exit.key, exit.label ?? '')
  return exit?.label || (flowMessages.exits[exit?.called ?? name] ?? name)
}
