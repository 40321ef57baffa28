import type { Notification } from '#communications/inbound/notifications.ts'
import type { Call, IdentitySet } from '#communications/wire/types.ts'
import type { Called, Caller, FlowEvent } from '#flow/talk.ts'
import type { Expected, Heard } from './session.ts'

export const nothingHeard: Heard = { state: null, audio: null, result: null }

/** Graph's words to ours. Pure. `event` is null for news that no flow waits for, and for what was heard before. */
export function hear(
  notification: Notification,
  heard: Heard,
  expected: readonly Expected[],
): { event: FlowEvent | null; heard: Heard } {
  switch (notification.resource) {
    case 'call':
      return hearCall(notification.call, notification.changeType === 'deleted', heard)
    case 'operation':
      return { event: hearOperation(notification, expected), heard }
    default:
      return { event: null, heard }
  }
}

/**
 * News of a call is a view of it, not a command: it may come twice or in another order, and its etag tells nothing
 * (graph/state-machine.json, observerRules). So it is compared with what was heard last, and only a difference counts.
 */
export function hearCall(call: Call, deleted: boolean, before: Heard): { event: FlowEvent | null; heard: Heard } {
  if (deleted || call.state === 'terminated') return { event: ended(call), heard: before }
  if (call.toneInfo) return { event: tone(call.toneInfo), heard: before }

  const result = call.resultInfo ? `${call.resultInfo.code}/${call.resultInfo.subcode}` : null
  const heard: Heard = { state: call.state ?? before.state, audio: call.mediaState?.audio ?? before.audio, result }
  const transferring = before.state === 'transferring' || before.state === 'transferAccepted'
  switch (call.state) {
    case 'establishing':
      // A late one never moves an established call back.
      return { event: null, heard: before.state === null ? heard : before }
    case 'established':
      // Back in `established` with a result: the transfer failed, and the caller is still there.
      if (call.resultInfo && call.resultInfo.code >= 400) {
        return { event: result === before.result ? null : { type: 'transferFailed' }, heard }
      }
      // Without a result it is a late repeat while a transfer goes on.
      if (transferring) return { event: null, heard: before }
      break
    case 'transferAccepted':
      return { event: before.state === 'transferAccepted' ? null : { type: 'transferAccepted' }, heard }
  }
  if (heard.state !== 'established' || (before.state === 'established' && before.audio === heard.audio)) {
    return { event: null, heard }
  }
  return { event: { type: 'callEstablished', audio: heard.audio === 'active' }, heard }
}

/** The transfer page's example ends with 7015 and code 0, the table with 200; a consultative one only with a word. */
const ended = (call: Call): FlowEvent => ({
  type: 'callEnded',
  reason: { code: call.resultInfo?.code ?? null, subcode: call.resultInfo?.subcode ?? null },
  transferred: call.resultInfo?.subcode === 7015 || call.terminationReason === 'AppTransferred',
})

const otherKeys: Record<string, string> = { star: '*', pound: '#', a: 'A', b: 'B', c: 'C', d: 'D' }

function tone({ tone, sequenceId }: NonNullable<Call['toneInfo']>): FlowEvent | null {
  const key = otherKeys[tone] ?? /^tone([0-9])$/.exec(tone)?.[1]
  return key === undefined ? null : { type: 'tonePressed', key, sequence: sequenceId }
}

/** The end of an operation that we asked for and still wait for. Everything else is late news. */
function hearOperation(
  { operation, operationId }: Extract<Notification, { resource: 'operation' }>,
  expected: readonly Expected[],
): FlowEvent | null {
  const mine =
    expected.find(({ context }) => context === operation.clientContext) ??
    expected.find((other) => operationId !== null && other.operationId === operationId)
  return mine ? operationEnded(operation, mine.visit) : null
}

/** What the end of an operation means to the flow; null while it runs. */
export function operationEnded(
  operation: Extract<Notification, { resource: 'operation' }>['operation'],
  visit: number,
): FlowEvent | null {
  const { status } = operation
  if (status !== 'completed' && status !== 'failed') return null
  const { code, subcode } = operation.resultInfo ?? { code: null, subcode: null }
  const problem = code === null ? 'failed' : `${code}/${subcode}`
  switch (operation['@odata.type']) {
    case '#microsoft.graph.subscribeToToneOperation':
      return status === 'completed'
        ? { type: 'tonesSubscribed', visit }
        : { type: 'commandFailed', visit, command: 'subscribeTones', problem }
    case '#microsoft.graph.playPromptOperation':
      return status === 'completed' ? { type: 'promptFinished', visit } : { type: 'promptFailed', visit, problem }
    default:
      return null
  }
}

/** Who calls. A caller that Graph keeps encrypted, or who hides the number, is nobody by name. */
export function callerOf(call: Call): Caller {
  const identity = call.source?.identity
  const { user, phone, guest, applicationInstance, application } = identity ?? {}
  const someone = user ?? guest ?? applicationInstance ?? application
  return { id: someone?.id ?? phone?.id ?? '', name: someone?.displayName ?? '', phone: phone?.id ?? '' }
}

/** Whom they called, most exact first: a resource account or number of its own comes before the bot as a whole. */
export function calledOf(call: Call): { called: Called; dialled: string[] } {
  const identities = (call.targets ?? []).map(({ identity }): IdentitySet => identity)
  const instance = identities.find(({ applicationInstance }) => applicationInstance)?.applicationInstance
  const phone = identities.find(({ phone }) => phone)?.phone
  const application = identities.find(({ application }) => application)?.application
  const account = instance ?? application
  return {
    called: { id: account?.id ?? '', name: account?.displayName ?? '', phone: phone?.id ?? '' },
    dialled: [instance?.id, phone?.id, application?.id].filter((id) => typeof id === 'string' && id !== '') as string[],
  }
}
