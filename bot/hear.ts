import type { CallEvent, Followed } from '#communications/calling/followed.ts'
import { failureOf } from '#communications/calling/operations.ts'
import { keyOf } from '#communications/wire/toneKeys.ts'
import type { Call, CommsOperation, IdentitySet, ToneInfo } from '#communications/wire/types.ts'
import type { Called, Caller, FlowEvent } from '#flow/talk.ts'
import { cut } from '#ground/cut.ts'
import type { Expected, Recorded } from './session.ts'

/** What happened to a call, in the words of a flow. Pure. What no flow waits for is left out. `heard` is what is known now. */
export function hear(told: readonly CallEvent[], heard: Followed, expected: readonly Expected[]): FlowEvent[] {
  const events: FlowEvent[] = []
  for (const event of told) {
    const inItsWords = wordsFor(event, told, heard, expected)
    if (inItsWords) events.push(inItsWords)
  }
  return events
}

function wordsFor(
  event: CallEvent,
  told: readonly CallEvent[],
  heard: Followed,
  expected: readonly Expected[],
): FlowEvent | null {
  switch (event.type) {
    case 'established':
      return told.some(({ type }) => type === 'mediaActive') ? null : { type: 'callEstablished', audio: false }
    case 'mediaActive':
      return { type: 'callEstablished', audio: true }
    case 'tone':
      return pressed(event.tone)
    case 'operationEnded':
      return operationEnded(event, expected)
    case 'transferred':
      return { type: 'transferAccepted' }
    case 'transferFailed':
    case 'transferUnknown':
      return { type: 'transferFailed' }
    case 'ended':
      return { type: 'callEnded', ...howEnded(event, heard) }
    default:
      return null
  }
}

/** A call that is gone while it is being transferred went with the transfer. */
function howEnded({ how, resultInfo }: Extract<CallEvent, { type: 'ended' }>, { view, gone }: Followed) {
  const unexplained = { code: how === 'gone' ? 404 : null, subcode: gone?.subcode ?? null }
  const { code, subcode } = resultInfo ?? unexplained
  const transferred = view.transfer === 'accepted' || (how === 'gone' && view.transfer === 'asked')
  return { reason: { code, subcode }, transferred }
}

/** A flash is no key of a flow. */
function pressed({ tone }: ToneInfo): FlowEvent | null {
  const key = keyOf(tone)
  return key === '' || key === '!' ? null : { type: 'tonePressed', key }
}

/** What a caller has said, where a recording that was waited for has ended; null where none has. */
export function recordedIn(told: readonly CallEvent[], expected: readonly Expected[]): Recorded | null {
  for (const event of told) {
    if (event.type !== 'operationEnded') continue
    const { context, operation } = event
    const leastMs = expected.find((one) => one.context === context)?.leastMs
    const { recordingLocation, recordingAccessToken } = operation ?? {}
    if (leastMs !== undefined && recordingLocation && recordingAccessToken)
      return { context, recordingLocation, recordingAccessToken, leastMs }
  }
  return null
}

/**
 * Silence before the first word, and a caller whose media never came; the end by silence or by the time, all others being by a key
 * (subcodes of the sister service, confirmed by completionReason of beta; contract: result-codes.json, media).
 */
const [saysNothing, notByKey] = [
  [8510, 8513],
  [8509, 8515],
]

/** The end of a recording. Where Graph never said how it went, there is none. */
function recordingEnded(operation: CommsOperation | null, { visit, command }: Expected): FlowEvent {
  const { status, resultInfo, recordingLocation } = operation ?? {}
  const subcode = resultInfo?.subcode ?? 0
  if (status === 'failed' && saysNothing.includes(subcode)) return { type: 'nothingSaid', visit }
  if (status !== 'failed' && recordingLocation)
    return { type: 'recordingEnded', visit, byKey: !notByKey.includes(subcode) }
  const problem = status === 'failed' && resultInfo ? `${resultInfo.code}/${subcode}` : 'noRecording'
  return { type: 'commandFailed', visit, command, problem }
}

/** Keys that were sent: their operation is completed in any case, and only the reason tells whether they went out. */
function tonesEnded(operation: CommsOperation | null, visit: number): FlowEvent {
  const failure = operation && failureOf('sendDtmfTones', operation)
  if (!failure) return { type: 'tonesSent', visit }
  const { resultInfo, code } = failure
  const problem = resultInfo ? `${resultInfo.code}/${resultInfo.subcode}` : code
  return { type: 'commandFailed', visit, command: 'sendTones', problem }
}

/**
 * The end of an operation that the flow still waits for. One of which Graph never said how it went is taken for done: a prompt that is
 * cut short is better than silence.
 */
function operationEnded(
  { context, operation }: Extract<CallEvent, { type: 'operationEnded' }>,
  expected: readonly Expected[],
): FlowEvent | null {
  const mine = expected.find((one) => one.context === context)
  if (!mine) return null
  const { visit, command } = mine
  if (command === 'record') return recordingEnded(operation, mine)
  if (command === 'sendTones') return tonesEnded(operation, visit)
  if (operation?.status !== 'failed') {
    if (mine.more) return null
    return command === 'play' ? { type: 'promptFinished', visit } : { type: 'tonesSubscribed', visit }
  }
  const { resultInfo } = operation
  const problem = resultInfo ? `${resultInfo.code}/${resultInfo.subcode}` : 'failed'
  return command === 'play'
    ? { type: 'promptFailed', visit, problem }
    : { type: 'commandFailed', visit, command, problem }
}

/** Who calls. A caller that Graph keeps encrypted, or who hides the number, is nobody by name. */
export const callerOf = (call: Call): Caller => someoneIn(call.source?.identity)

/** Who forwarded it to the bot, if Graph says so. */
export const transferorOf = (call: Call): Caller => someoneIn(call.incomingContext?.transferor)

function someoneIn(identity: IdentitySet | null | undefined): Caller {
  const { user, phone, guest, applicationInstance, application } = identity ?? {}
  const someone = user ?? guest ?? applicationInstance ?? application
  return {
    id: kept(someone?.id ?? phone?.id),
    name: kept(someone?.displayName),
    phone: kept(phone?.id),
  }
}

/** Longest name, id or number of a caller or of who was called that is kept, in UTF-16 units. Teams shows 256 of a name (Entra's limit). */
const mostKept = 256
const kept = (text: string | undefined | null): string => cut(text ?? '', mostKept)

/** Whom they called, most exact first: a resource account or number of its own comes before the bot as a whole. */
export function calledOf(call: Call): { called: Called; dialled: string[] } {
  const identities = (call.targets ?? []).map(({ identity }): IdentitySet => identity)
  const instance = identities.find(({ applicationInstance }) => applicationInstance)?.applicationInstance
  const phone = identities.find(({ phone }) => phone)?.phone
  const application = identities.find(({ application }) => application)?.application
  const account = instance ?? application
  return {
    called: { id: kept(account?.id), name: kept(account?.displayName), phone: kept(phone?.id) },
    dialled: [instance?.id, phone?.id, application?.id].filter((id) => typeof id === 'string' && id !== '') as string[],
  }
}
