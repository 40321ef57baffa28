import { apologyId } from '#flow/addedBlocks.ts'
import { callsMessages as words } from '../messages/calls.ts'
import { type Explanation, resultMessages } from '../messages/results.ts'
import type { BlockOfCall, CallItem, CallResult, KindOfBlock } from '../wire.ts'
import { resultKeyOf } from './resultKeys.ts'

type Call = Pick<CallItem, 'result' | 'outcome' | 'endCode' | 'endSubcode' | 'lastBlock' | 'failedBlock' | 'problem'>

export type Mark = 'live' | 'fine' | 'left' | 'bad'

const marks: Record<CallResult, Mark> = {
  live: 'live',
  transferred: 'fine',
  finished: 'fine',
  left: 'left',
  notReached: 'bad',
}

/** The sign of a call. A caller who was not served is never fine, and nobody tells whether one who was sent on was. */
export const markOf = ({ result, outcome }: Pick<Call, 'result' | 'outcome'>): Mark =>
  outcome === 'redirected' || outcome === 'rejected' ? 'left' : marks[result]

/** What happened in a call, in a few words: "Sales refused, hung up", "Caller hung up in Main menu". */
export function outcomeWords(call: Call): string {
  const { result, lastBlock, failedBlock } = call
  if (call.outcome === 'redirected') return words.sentOnBy(lastBlock?.name ?? '')
  if (call.outcome === 'rejected') return words.rejectedBy(lastBlock?.name ?? '')
  switch (result) {
    case 'live':
      return whereWords(lastBlock)
    case 'transferred':
      return words.transferredTo(lastBlock?.name ?? '')
    case 'finished':
      return words.heard(lastBlock?.name ?? '')
    case 'left':
      return leftWords(call)
    case 'notReached':
      if (failedBlock)
        return [failedWords(failedBlock, call.problem ?? ''), afterwards(call)].filter(Boolean).join(', ')
      if (call.outcome === 'notAnswered' || call.outcome === 'noFlow') return words[call.outcome]
      return call.outcome === 'lost' || (call.endCode ?? 0) >= 400
        ? lostWords(call)
        : words.failedIn(lastBlock?.name ?? '')
  }
}

function whereWords(block: BlockOfCall | null): string {
  if (block?.type === undefined) return words.answering
  return block.kind?.handsOver ? words.ringing(block.name) : words.in(block.name)
}

/** The platform's words for a caller who hung up; every other end of a call was somebody else's doing. */
const callerHungUp = new Set(['200/4097', '200/4521', '200/18503', '200/540000', '200/560000', '200/5002'])

function leftWords({ endCode, endSubcode, lastBlock }: Call): string {
  const name = lastBlock?.name ?? ''
  const pair = pairOf(endCode, endSubcode)
  if (pair === null) return words.ended(name)
  if (!callerHungUp.has(pair)) return pairWords(pair)
  return isEntrance(lastBlock) ? words.hungUpUnanswered : words.hungUpIn(name)
}

function lostWords({ endCode, endSubcode, lastBlock }: Call): string {
  if (isEntrance(lastBlock)) return words.lostUnanswered
  const key = resultKeyOf(pairOf(endCode, endSubcode) ?? '')
  return key === 'mediaLost' ? words.soundLostIn(lastBlock?.name ?? '') : words.lostIn(lastBlock?.name ?? '')
}

/** The call is answered there, so a call that came no further was not. */
const isEntrance = (block: BlockOfCall | null) => block?.type === 'incomingCall' || block?.type === 'answer'

const isRefusal = (problem: string) => /^4(?!04|08)\d\d\b/.test(problem)

function failedWords(block: BlockOfCall, problem: string): string {
  if (isEntrance(block)) return words.notAnswered
  const name = block.name || words.someBlock
  if (!block.kind?.handsOver) return words.blockFailed(name)
  if (problem === 'notTaken' || problem === 'noAnswer') return words[problem](name)
  return isRefusal(problem) ? words.refused(name) : words.notReachable(name)
}

/** What became of a caller after something had failed, by how the call ended: what it came out as was decided by the failure. */
function afterwards({ outcome, endCode, endSubcode, lastBlock, failedBlock }: Call): string {
  if (outcome === 'lost' || (endCode ?? 0) >= 400) return words.afterwards.lost
  if (callerHungUp.has(pairOf(endCode, endSubcode) ?? '')) return words.afterwards.hungUp
  if (lastBlock?.id === apologyId) return words.afterwards.apology
  if (isEntrance(failedBlock)) return ''
  const after = lastBlock?.type !== undefined && lastBlock.id !== failedBlock?.id ? lastBlock.name : ''
  return after === '' ? words.afterwards.ended : words.afterwards.heard(after)
}

/** Why a call was not reached in which no block failed: the platform's code, else a word of ours. Null for any other call. */
export function breakOf({ result, failedBlock, outcome, endCode, endSubcode }: Call): string | null {
  if (result !== 'notReached' || failedBlock) return null
  return (endCode ?? 0) >= 400 ? pairOf(endCode, endSubcode) : outcome === 'lost' ? 'lost' : 'failed'
}

const pairOf = (code: number | null, subcode: number | null): string | null =>
  code === null ? null : subcode === null ? `${code}` : `${code}/${subcode}`

/** Why a call ended, from the platform's code and subcode. Null when it said none; unknown pairs are shown as they are. */
export function endWords(code: number | null, subcode: number | null): string | null {
  const pair = pairOf(code, subcode)
  return pair && pairWords(pair)
}

function pairWords(pair: string): string {
  const key = resultKeyOf(pair)
  return words.ends[pair] ?? (key ? resultMessages[key].title : words.endUnknown(pair))
}

export type Explained = {
  title: string
  /** The end of a sentence: "the permission Calls.Initiate.All is missing". */
  cause: string
  todo: string[]
  /** Only an administrator of the tenant can mend it. */
  administrator: boolean
  /** What the platform said, shown last; null where it was our own word. */
  said: string | null
}

const administrators: ReadonlySet<string> = new Set([
  'noConsent',
  'accessNotEnabled',
  'botNotRegistered',
  'wrongTenant',
  'wrongSource',
  'tokenInvalid',
  'noRoute',
  'privateCallsOff',
  'phoneWithoutDialOut',
] satisfies (keyof typeof resultMessages)[])

/** What a failure means, and what to do: from its code and the kind of the block that failed, which knows its permissions. */
export function explain(problem: string, kind?: KindOfBlock): Explained {
  const key = resultKeyOf(problem)
  const { title, cause, todo } = key ? resultMessages[key] : unknown(problem)
  const permissions = kind?.permissions.join(', ') || words.callPermissions
  const say = (sentence: Explanation['cause']) => (typeof sentence === 'string' ? sentence : sentence({ permissions }))
  return {
    title: key === 'noConsent' && kind?.handsOver ? words.mayNotTransfer : title,
    cause: say(cause),
    todo: todo.map(say),
    administrator: key !== null && administrators.has(key),
    said: /^[\d/]+$|^[A-Z]/.test(problem) ? problem : null,
  }
}

const unknown = (problem: string): Explanation => ({ ...resultMessages.failed, cause: words.said(problem) })

/** The results that a text means: "hung up" means that the caller left. */
export function resultsMeant(text: string): CallResult[] {
  const sought = text.trim().toLowerCase()
  if (sought.length < 3) return []
  return resultChoices.filter((result) => words.results[result].toLowerCase().includes(sought))
}

/** In the order in which they are offered. */
export const resultChoices = ['notReached', 'live', 'transferred', 'finished', 'left'] as const satisfies CallResult[]
