import type { CallRef, Options } from '../requests/ask.ts'
import type { Recording } from '../requests/callBodies.ts'
import { GraphError } from '../road/error.ts'
import type { CommsOperation, Participant } from '../wire/types.ts'
import type { Patience } from './ledger.ts'
import { createLine, type Line, stop, take } from './line.ts'
import type { CallActions, CallSettings, FollowedCall, Guarded, LiveCall } from './liveCall.ts'
import type { CallView, Ended } from './observe.ts'
import { failureOf, OperationError, withRecording } from './operations.ts'
import { keysFrom, type Settle, untilEvent, untilOver } from './waiting.ts'

export type { CallEvents, CallSettings, FollowedCall, LiveCall } from './liveCall.ts'

/** An unanswered invitation or transfer fails by itself after about 60 s (observed in the case of invitations). */
const inviteGuardMs = 75_000
/** What Graph does at once. */
const quickGuardMs = 30_000

const nothing = () => {}

const secondTransfer =
  'transfer was not sent: another transfer of this call is under way. Wait until it has come about or failed.'

/** A request refused before it is sent may throw at once. */
const promised = async <T>(send: () => Promise<T>): Promise<T> => send()

/** The two limits that a recording runs into at the latest (defaults from limits.json), and the prompt before it. */
function recordGuardMs(
  { prompt, initialSilenceTimeoutInSeconds = 5, maxRecordDurationInSeconds = 5 }: Omit<Recording, 'clientContext'>,
  promptMs: number,
): number {
  const recordMs = (initialSilenceTimeoutInSeconds + maxRecordDurationInSeconds) * 1000
  return recordMs + quickGuardMs + (prompt ? promptMs : 0)
}

/** Graph is asked again while something is under way, however long that takes. Infinity never asks. */
function patienceFor(guardMs: number): Patience {
  const ms = guardMs === Number.POSITIVE_INFINITY ? null : Number.isNaN(guardMs) ? 0 : guardMs
  return { ms, againMs: ms, most: null }
}

/** A refusal goes to who asked; a 404 may mean the call or only one of its parts, so the call is looked at first. */
async function refused(line: Line, error: unknown, reject: (error: unknown) => void): Promise<void> {
  if (error instanceof GraphError && error.status === 404)
    await take(line, { type: 'gone', of: 'part', subcode: error.subcode })
  reject(error)
}

/** A request that is done when it is answered. */
function request<T>(line: Line, operation: string, send: () => Promise<T>, whenEnded?: (how: Ended) => T): Promise<T> {
  const work = ({ resolve, reject }: Settle<T>) => {
    promised(send).then(resolve, (error) => refused(line, error, reject))
    return nothing
  }
  return untilOver<T>(line, operation, work, { whenEnded })
}

/** A request that ends the call: its end may be heard before the answer. One that is over already it has not ended. */
function endBy(line: Line, operation: string, send: () => Promise<void>): Promise<void> {
  return request(line, operation, send, line.stopped ? undefined : nothing)
}

type Send = (clientContext: string, options: Options) => Promise<CommsOperation>

/** An operation that is done when Graph has ended it. */
function operate(line: Line, operation: string, send: Send, guarded: Guarded): Promise<CommsOperation> {
  return operateFor(line, operation, send, guarded, (outcome) => outcome)
}

/** The same, where the end must bring something: `read` takes it out, or throws. */
function operateFor<T>(
  line: Line,
  operation: string,
  send: Send,
  { guardMs = quickGuardMs, signal }: Guarded,
  read: (outcome: CommsOperation) => T,
): Promise<T> {
  const context = crypto.randomUUID()
  const work = ({ resolve, reject }: Settle<T>) => {
    line.waiters.set(context, (outcome) => {
      if (!outcome) return reject(new OperationError('noWord', operation))
      try {
        const failure = failureOf(operation, outcome)
        if (failure) reject(failure)
        else resolve(read(outcome))
      } catch (error) {
        reject(error)
      }
    })
    void take(line, { type: 'begun', request: 'operation', context, patience: patienceFor(guardMs) })
    const over = line.over.signal
    promised(() => send(context, { signal: signal ? AbortSignal.any([over, signal]) : over })).then(
      (answer) => take(line, { type: 'taken', request: 'operation', context, operation: answer }),
      (error) => refused(line, error, reject),
    )
    return () => {
      line.waiters.delete(context)
      void take(line, { type: 'dropped', request: 'operation', context })
    }
  }
  return untilOver<T>(line, operation, work, { signal })
}

/** A transfer is done when the other side was taken over. There is one at a time. */
function transfer(line: Line, guardMs: number, send: (clientContext: string) => Promise<void>): Promise<void> {
  return untilOver<void>(line, 'transfer', ({ resolve, reject }) => {
    if (line.waiters.has('transfer')) {
      reject(new GraphError({ code: 'badRequest', operation: 'transfer' }, secondTransfer))
      return nothing
    }
    line.waiters.set('transfer', () => reject(new OperationError('noWord', 'transfer')))
    const offs = [
      line.emitter.once('transferred', () => resolve()),
      line.emitter.once('transferFailed', ({ resultInfo }) =>
        reject(new OperationError('transferFailed', 'transfer', resultInfo)),
      ),
    ]
    void take(line, { type: 'begun', request: 'transfer', patience: patienceFor(guardMs) })
    promised(() => send(crypto.randomUUID())).then(
      () => take(line, { type: 'taken', request: 'transfer' }),
      (error: unknown) => {
        void take(line, { type: 'dropped', request: 'transfer' })
        return refused(line, error, reject)
      },
    )
    return () => {
      line.waiters.delete('transfer')
      for (const off of offs) off()
    }
  })
}

function hangUp(line: Line): Promise<void> {
  const { ref, over, settings } = line
  const work = ({ reject }: Settle<void>) => {
    promised(() => settings.client.calls.hangUp(ref, { signal: over.signal })).then(
      () => take(line, { type: 'taken', request: 'hangUp' }),
      reject,
    )
    return nothing
  }
  return untilOver<void>(line, 'hangUp', work, { whenEnded: nothing })
}

/** The roster as a map, made once for each that is known. */
function rosterOf(line: Line): () => ReadonlyMap<string, Participant> {
  let { participants } = line.known.roster
  let map = new Map(participants)
  return () => {
    if (line.known.roster.participants !== participants) {
      participants = line.known.roster.participants
      map = new Map(participants)
    }
    return map
  }
}

/** Follows a call from here: a LiveCall for the bot, and what its news go to. */
export function followCall(
  ref: CallRef,
  begin: { view: CallView; firstKeepAliveMs: number },
  settings: CallSettings,
  onEnd: () => void,
): FollowedCall {
  const line: Line = createLine(ref, begin, settings, { call: () => call, onEnd })
  const call = liveCall(line)
  return {
    call,
    hear: (notification) => void take(line, { type: 'heard', notification }),
    fetchRoster: () => take(line, { type: 'rosterWanted' }),
    close: () => stop(line, 'closed'),
  }
}

/** The call as it is known, what it tells, and what can be asked of it. */
function liveCall(line: Line): LiveCall {
  const { ref, emitter } = line
  const details = () => line.known.view.details ?? {}
  const roster = rosterOf(line)
  const call: LiveCall = {
    id: ref.id,
    tenantId: ref.tenantId,
    get state() {
      return line.known.view.state
    },
    get direction() {
      return details().direction ?? 'incoming'
    },
    get source() {
      return details().source ?? null
    },
    get targets() {
      return details().targets ?? []
    },
    get chatInfo() {
      return details().chatInfo ?? null
    },
    get meetingInfo() {
      return details().meetingInfo ?? null
    },
    get mediaActive() {
      return line.known.view.mediaActive
    },
    get myParticipantId() {
      return details().myParticipantId ?? null
    },
    get roster() {
      return roster()
    },
    get ended() {
      return line.known.ended
    },
    get details() {
      return details()
    },
    on: (event, handler) => emitter.on(event, (news) => handler(news, call)),
    once: (event, handler) => emitter.once(event, (news) => handler(news, call)),
    until: (event, wait) => untilEvent(line, event, wait),
    tones: () => keysFrom(line),
    ...actionsOf(line),
  }
  return call
}

/** Operations that are asked with their context alone. */
type Bare = 'subscribeToTone' | 'cancelMediaProcessing' | 'mute' | 'unmute' | 'addLargeGalleryView'

function actionsOf(line: Line): CallActions {
  const { ref } = line
  const { client, callbackUri, operationGuardMs } = line.settings
  const { calls } = client
  const options: Options = { signal: line.over.signal }

  /** The member with its name, which so stands once: none can carry out what another is called. */
  const bare = <Name extends Bare>(name: Name): Pick<CallActions, Name> => {
    const ask = (guarded: Guarded = {}) =>
      operate(line, name, (clientContext, mine) => calls[name](ref, { clientContext }, mine), guarded)
    // `as`: TypeScript takes a computed name for any text.
    return { [name]: ask } as Pick<CallActions, Name>
  }

  return {
    answer: (ask = {}) =>
      request(line, 'answer', async () => {
        void take(line, { type: 'begun', request: 'answer', callOptions: ask.callOptions })
        await calls.answer(ref, { ...ask, callbackUri: callbackUri() }, options)
        void take(line, { type: 'taken', request: 'answer' })
      }),
    reject: (ask) => endBy(line, 'reject', () => calls.reject(ref, ask, options)),
    redirect: (ask) =>
      endBy(line, 'redirect', () => calls.redirect(ref, { ...ask, callbackUri: callbackUri() }, options)),
    hangUp: () => hangUp(line),

    playPrompt({ guardMs = operationGuardMs, signal, ...ask }) {
      const send: Send = (clientContext, mine) => calls.playPrompt(ref, { ...ask, clientContext }, mine)
      return operate(line, 'playPrompt', send, { guardMs, signal })
    },
    recordResponse({ guardMs, signal, ...ask }) {
      const send: Send = (clientContext, mine) => calls.recordResponse(ref, { ...ask, clientContext }, mine)
      const guarded = { guardMs: guardMs ?? recordGuardMs(ask, operationGuardMs), signal }
      return operateFor(line, 'recordResponse', send, guarded, withRecording)
    },
    ...bare('subscribeToTone'),
    ...bare('cancelMediaProcessing'),
    sendDtmfTones({ guardMs = operationGuardMs, signal, ...ask }) {
      const send: Send = (clientContext, mine) => calls.sendDtmfTones(ref, { ...ask, clientContext }, mine)
      return operate(line, 'sendDtmfTones', send, { guardMs, signal })
    },
    transfer: ({ guardMs = inviteGuardMs, ...ask }) =>
      transfer(line, guardMs, (clientContext) => calls.transfer(ref, { ...ask, clientContext }, options)),
    ...bare('mute'),
    ...bare('unmute'),
    updateRecordingStatus({ guardMs, signal, ...ask }) {
      const send: Send = (clientContext, mine) => calls.updateRecordingStatus(ref, { ...ask, clientContext }, mine)
      return operate(line, 'updateRecordingStatus', send, { guardMs, signal })
    },
    changeScreenSharingRole: (ask) =>
      request(line, 'changeScreenSharingRole', () => calls.changeScreenSharingRole(ref, ask, options)),
    ...bare('addLargeGalleryView'),
    ...participantActionsOf(line),
  }
}

type ParticipantAction = 'invite' | 'muteParticipant' | 'removeParticipant' | 'startHoldMusic' | 'stopHoldMusic'

function participantActionsOf(line: Line): Pick<CallActions, ParticipantAction> {
  const { ref } = line
  const { participants } = line.settings.client
  return {
    invite({ guardMs = inviteGuardMs, signal, ...ask }) {
      const send: Send = (clientContext, mine) => participants.invite(ref, { ...ask, clientContext }, mine)
      return operate(line, 'participants.invite', send, { guardMs, signal })
    },
    muteParticipant(id, guarded = {}) {
      const send: Send = (clientContext, mine) => participants.mute(ref, id, { clientContext }, mine)
      return operate(line, 'participants.mute', send, guarded)
    },
    removeParticipant: (id) =>
      request(line, 'participants.remove', () => participants.remove(ref, id, { signal: line.over.signal })),
    startHoldMusic(id, { guardMs, signal, ...ask } = {}) {
      const send: Send = (clientContext, mine) => participants.startHoldMusic(ref, id, { ...ask, clientContext }, mine)
      return operate(line, 'participants.startHoldMusic', send, { guardMs, signal })
    },
    stopHoldMusic(id, guarded = {}) {
      const send: Send = (clientContext, mine) => participants.stopHoldMusic(ref, id, { clientContext }, mine)
      return operate(line, 'participants.stopHoldMusic', send, guarded)
    },
  }
}
