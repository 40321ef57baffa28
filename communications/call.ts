import type { CallRef, Options } from './ask.ts'
import type { Recording } from './callBodies.ts'
import type { Cancel } from './clock.ts'
import { createEmitter } from './emitter.ts'
import { GraphError } from './error.ts'
import { normalId } from './ids.ts'
import type { CallEvents, CallSettings, Followed, LiveCall } from './liveCall.ts'
import type { Notification } from './notifications.ts'
import {
  askTransfer,
  type CallEvent,
  type CallView,
  type Ended,
  endWithoutWord,
  type Observed,
  observe,
} from './observe.ts'
import { createLedger, failureOf, isOnlyTheEnd, isOver, OperationError } from './operations.ts'
import { applyRoster, emptyRoster, type RosterNews } from './roster.ts'
import { noTones, skipGap, type Taken, takeTone } from './tones.ts'
import type { CommsOperation, ResultInfo, ToneInfo } from './words.ts'

export type { CallEvents, CallSettings, Followed, LiveCall } from './liveCall.ts'

/** An unanswered invitation or transfer fails by itself after about 60 s (observed in the case of invitations). */
const inviteGuardMs = 75_000
/** What Graph does at once. */
const quickGuardMs = 30_000
/** After the 204 of a hang-up nothing else can come of the call. */
const hangUpGuardMs = 5_000
/** A keepAlive that failed is tried again after this part of the usual time, so that one of many gets through in 45 minutes. */
const keepAliveHurry = 15

const nothing = () => {}

function deferred<T>() {
  let resolve: (value: T) => void = nothing
  let reject: (error: unknown) => void = nothing
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

/** A request refused before it is sent may throw at once. */
const promised = async <T>(send: () => Promise<T>): Promise<T> => send()

/** `deleted` is the end, whatever the status; where there is none, the result tells. */
function withStatus(operation: CommsOperation): CommsOperation {
  if (isOver(operation)) return operation
  return { ...operation, status: (operation.resultInfo?.code ?? 200) >= 400 ? 'failed' : 'completed' }
}

/** The two limits that a recording runs into at the latest (defaults from limits.json), and the prompt before it. */
function recordGuardMs(
  { prompt, initialSilenceTimeoutInSeconds = 5, maxRecordDurationInSeconds = 5 }: Omit<Recording, 'clientContext'>,
  promptMs: number,
): number {
  const recordMs = (initialSilenceTimeoutInSeconds + maxRecordDurationInSeconds) * 1000
  return recordMs + quickGuardMs + (prompt ? promptMs : 0)
}

export function followCall(
  ref: CallRef,
  begin: { view: CallView; firstKeepAliveMs: number },
  settings: CallSettings,
  onEnd: () => void,
): Followed {
  const { client, clock, callbackUri, keepAliveMs, establishGuardMs, operationGuardMs, toneGapMs, onError } = settings
  let { view } = begin
  let ended: Ended | null = null
  let tones = noTones
  let roster = emptyRoster
  const ledger = createLedger()
  const emitter = createEmitter<CallEvents>((error) => {
    if (!isOnlyTheEnd(error)) onError(error, call)
  })

  /** Set when nothing is followed any more: why. */
  let stopped: 'callEnded' | 'closed' | null = null
  const over = new AbortController()
  const options: Options = { signal: over.signal }
  const timers = new Set<Cancel>()
  const pending = new Set<(why: 'callEnded' | 'closed') => void>()

  /** A timer that ends with the call. */
  function after(ms: number, act: () => void): Cancel {
    if (stopped) return nothing
    const cancel = clock.after(ms, () => {
      timers.delete(cancel)
      act()
    })
    timers.add(cancel)
    return () => {
      timers.delete(cancel)
      cancel()
    }
  }

  function stop(why: 'callEnded' | 'closed'): void {
    if (stopped) return
    stopped = why
    for (const cancel of timers) cancel()
    timers.clear()
    for (const settle of [...pending]) settle(why)
    over.abort()
    onEnd()
  }

  /** A promise that cannot outlive the call. What `work` gives back tidies up, however it was settled. */
  function untilOver<T>(
    operation: string,
    work: (settle: { resolve(value: T): void; reject(error: unknown): void }) => Cancel,
    whenEnded?: (how: Ended) => T,
  ): Promise<T> {
    const { promise, resolve, reject } = deferred<T>()
    let isOpen = true
    let tidyUp: Cancel = nothing
    const settle = (act: () => void) => {
      if (!isOpen) return
      isOpen = false
      pending.delete(finish)
      tidyUp()
      act()
    }
    const finish = (why: 'callEnded' | 'closed') =>
      settle(() => {
        if (why === 'callEnded' && ended && whenEnded) return resolve(whenEnded(ended))
        // Nobody has to be there to hear that the call is over.
        promise.catch(nothing)
        reject(new OperationError(why, operation))
      })
    if (stopped) {
      finish(stopped)
      return promise
    }
    pending.add(finish)
    const tidy = work({
      resolve: (value) => settle(() => resolve(value)),
      reject: (error) => settle(() => reject(error)),
    })
    if (isOpen) tidyUp = tidy
    else tidy()
    return promise
  }

  /** News first become what is known, and then are told. */
  function take({ view: next, events }: Observed): void {
    view = next
    for (const event of events) tell(event)
  }

  function tell(event: CallEvent): void {
    switch (event.type) {
      case 'established':
      case 'mediaActive':
      case 'transferred':
        emitter.emit(event.type, undefined)
        break
      case 'stateChanged':
        emitter.emit('stateChanged', { from: event.from, to: event.to })
        break
      case 'mediaState':
        emitter.emit('mediaState', { active: event.active })
        break
      case 'transferFailed':
        emitter.emit('transferFailed', { resultInfo: event.resultInfo })
        break
      case 'ended': {
        while (tones.waiting.length > 0) tellTones(skipGap(tones))
        const { type: _type, ...how } = event
        ended = how
        emitter.emit('ended', how)
      }
    }
  }
  // First of all handlers, so that whoever hears of the end finds everything settled.
  emitter.on('ended', () => stop('callEnded'))

  /** Asks Graph how the call stands, since a notification may be lost. */
  async function look(): Promise<void> {
    try {
      const said = await client.calls.get(ref, options)
      if (!stopped) take(observe(view, { changeType: 'updated', call: said }, 'answered'))
    } catch (error) {
      if (!stopped && error instanceof GraphError && error.gone) take(endWithoutWord(view, 'gone'))
    }
  }

  /** Looks until the call is established, less and less often, and once more if audio does not flow by then. */
  let watching: Cancel = nothing
  function watch(ms: number): void {
    watching()
    watching = after(ms, async () => {
      if (view.ready) return
      const isLast = view.established
      await look()
      if (!isLast) watch(Math.min(ms * 2, keepAliveMs))
    })
  }

  function stayAlive(ms: number): void {
    after(ms, async () => {
      try {
        await client.calls.keepAlive(ref, options)
        stayAlive(keepAliveMs)
      } catch (error) {
        if (stopped) return
        if (error instanceof GraphError && error.gone) return take(endWithoutWord(view, 'gone'))
        onError(error, call)
        stayAlive(keepAliveMs / keepAliveHurry)
      }
    })
  }

  /** A refusal goes to who asked; a 404 may mean the call or only one of its parts, so the call is looked at first. */
  async function refused(error: unknown, reject: (error: unknown) => void): Promise<void> {
    if (error instanceof GraphError && error.gone) await look()
    reject(error)
  }

  /** A request that is done when it is answered. */
  function request<T>(operation: string, send: () => Promise<T>): Promise<T> {
    return untilOver<T>(operation, ({ resolve, reject }) => {
      promised(send).then(resolve, (error) => refused(error, reject))
      return nothing
    })
  }

  /** An operation that is done when Graph has ended it. */
  function operate(
    operation: string,
    send: (clientContext: string) => Promise<CommsOperation>,
    guardMs = quickGuardMs,
  ): Promise<CommsOperation> {
    const clientContext = crypto.randomUUID()
    return untilOver<CommsOperation>(operation, ({ resolve, reject }) => {
      let guarding: Cancel | null = nothing
      ledger.begin(clientContext, (outcome) => {
        const failure = failureOf(operation, outcome)
        if (failure) reject(failure)
        else resolve(outcome)
      })
      /** No notification in time: asks once, and again only while Graph says that it runs. */
      const guard = (id: string | undefined) => {
        if (guarding === null) return
        guarding = after(guardMs, async () => {
          const said = id === undefined ? null : await client.calls.getOperation(ref, id, options).catch(() => null)
          if (said && isOver(said)) return finishOperation({ ...said, clientContext }, id)
          if (said) return guard(id)
          await look()
          reject(new OperationError('noWord', operation))
        })
      }
      promised(() => send(clientContext)).then(
        (answer) => {
          if (isOver(answer)) return finishOperation({ ...answer, clientContext }, answer.id)
          ledger.answered(clientContext, answer)
          guard(answer.id)
        },
        (error) => refused(error, reject),
      )
      return () => {
        guarding?.()
        guarding = null
        ledger.forget(clientContext)
      }
    })
  }

  function finishOperation(operation: CommsOperation, id: string | null | undefined): void {
    if (ledger.end(operation, id ? normalId(id) : null) && !stopped) emitter.emit('operation', operation)
  }

  function tellTones({ tones: next, told }: Taken): void {
    tones = next
    for (const tone of told) emitter.emit('tone', tone)
  }

  let gapTimer: Cancel | null = null
  function hearTone(tone: ToneInfo): void {
    tellTones(takeTone(tones, tone))
    gapTimer?.()
    gapTimer = tones.waiting.length === 0 ? null : after(toneGapMs, waitNoLonger)
  }
  function waitNoLonger(): void {
    tellTones(skipGap(tones))
    gapTimer = tones.waiting.length === 0 ? null : after(toneGapMs, waitNoLonger)
  }

  function hearRoster(news: RosterNews): void {
    const { roster: next, change, gap } = applyRoster(roster, news)
    roster = next
    if (change.added.length + change.updated.length + change.removed.length > 0) emitter.emit('roster', change)
    if (gap) void fetchRoster()
  }

  let fetching = false
  let fetchAgain = false
  async function fetchRoster(): Promise<void> {
    fetchAgain = true
    if (fetching) return
    fetching = true
    while (fetchAgain && !stopped) {
      fetchAgain = false
      try {
        const participants = await client.participants.list(ref, options)
        // While it was on its way something else may have come: then it is older than what is known.
        if (!stopped && !fetchAgain) hearRoster({ participants, delta: false })
      } catch (error) {
        if (!stopped) onError(error, call)
      }
    }
    fetching = false
  }

  function hear(news: Notification): void {
    if (stopped || ended) return
    switch (news.resource) {
      case 'call':
        take(observe(view, news))
        if (news.call.toneInfo && !ended) hearTone(news.call.toneInfo)
        break
      case 'operation':
        if (news.changeType === 'deleted' || isOver(news.operation)) {
          finishOperation(withStatus(news.operation), news.operationId)
        }
        break
      case 'participants':
        if (fetching) fetchAgain = true
        // How a delta looks on the wire is not documented: a list counts as one when the call was asked for with deltas.
        hearRoster({ ...news, delta: news.delta || view.details.callOptions?.isDeltaRosterEnabled === true })
        break
      default:
        emitter.emit('other', news)
    }
  }

  const happened: Partial<Record<keyof CallEvents, () => boolean>> = {
    established: () => view.established,
    mediaActive: () => view.ready,
  }

  const { calls, participants } = client
  const call: LiveCall = {
    id: ref.id,
    tenantId: ref.tenantId,
    get state() {
      return view.state
    },
    get direction() {
      return view.details.direction ?? 'incoming'
    },
    get source() {
      return view.details.source ?? null
    },
    get targets() {
      return view.details.targets ?? []
    },
    get chatInfo() {
      return view.details.chatInfo ?? null
    },
    get meetingInfo() {
      return view.details.meetingInfo ?? null
    },
    get mediaActive() {
      return view.mediaActive
    },
    get myParticipantId() {
      return view.details.myParticipantId ?? null
    },
    get roster() {
      return roster.participants
    },
    get ended() {
      return ended
    },
    get details() {
      return view.details
    },

    on: (event, handler) => emitter.on(event, (news) => handler(news, call)),
    once: (event, handler) => emitter.once(event, (news) => handler(news, call)),
    until: (event, timeoutMs) =>
      untilOver(
        `until ${event}`,
        ({ resolve, reject }) => {
          // Such events carry nothing.
          if (happened[event]?.()) resolve(undefined as CallEvents[typeof event])
          const off = emitter.once(event, resolve)
          const late = () => reject(new OperationError('timeout', `until ${event}`))
          const cancel = timeoutMs === undefined ? nothing : after(timeoutMs, late)
          return () => {
            off()
            cancel()
          }
        },
        event === 'ended' ? (how) => how as CallEvents[typeof event] : undefined, // the event is `ended`
      ),

    async answer(ask = {}) {
      if (ask.callOptions) view = { ...view, details: { ...view.details, callOptions: ask.callOptions } }
      await request('answer', () => calls.answer(ref, { ...ask, callbackUri: callbackUri() }, options))
      watch(establishGuardMs)
    },
    reject: (ask) => request('reject', () => calls.reject(ref, ask, options)),
    redirect: (ask) => request('redirect', () => calls.redirect(ref, { ...ask, callbackUri: callbackUri() }, options)),
    hangUp: () =>
      untilOver<void>(
        'hangUp',
        ({ reject }) => {
          let waiting: Cancel | null = nothing
          promised(() => calls.hangUp(ref, options)).then(() => {
            if (waiting) waiting = after(hangUpGuardMs, () => take(endWithoutWord(view, 'hungUp')))
          }, reject)
          return () => {
            waiting?.()
            waiting = null
          }
        },
        nothing,
      ),

    playPrompt: ({ guardMs = operationGuardMs, ...ask }) =>
      operate('playPrompt', (clientContext) => calls.playPrompt(ref, { ...ask, clientContext }, options), guardMs),
    recordResponse: ({ guardMs, ...ask }) =>
      operate(
        'recordResponse',
        (clientContext) => calls.recordResponse(ref, { ...ask, clientContext }, options),
        guardMs ?? recordGuardMs(ask, operationGuardMs),
      ),
    subscribeToTone: () =>
      operate('subscribeToTone', (clientContext) => calls.subscribeToTone(ref, { clientContext }, options)),
    cancelMediaProcessing: () =>
      operate('cancelMediaProcessing', (clientContext) => calls.cancelMediaProcessing(ref, { clientContext }, options)),
    sendDtmfTones: ({ guardMs = operationGuardMs, ...ask }) =>
      operate(
        'sendDtmfTones',
        (clientContext) => calls.sendDtmfTones(ref, { ...ask, clientContext }, options),
        guardMs,
      ),
    transfer: ({ guardMs = inviteGuardMs, ...ask }) =>
      untilOver<void>('transfer', ({ resolve, reject }) => {
        let guarding: Cancel | null = nothing
        const failed = (resultInfo: ResultInfo | null) =>
          reject(new OperationError('transferFailed', 'transfer', resultInfo))
        const offs = [
          emitter.once('transferred', () => resolve()),
          emitter.once('transferFailed', ({ resultInfo }) => failed(resultInfo)),
        ]
        const guard = () => {
          if (guarding === null) return
          guarding = after(guardMs, async () => {
            await look()
            if (view.state === 'transferring') return guard()
            reject(new OperationError('noWord', 'transfer'))
          })
        }
        view = askTransfer(view)
        const clientContext = crypto.randomUUID()
        promised(() => calls.transfer(ref, { ...ask, clientContext }, options)).then(guard, (error: unknown) => {
          if (view.transfer === 'asked') view = { ...view, transfer: 'none' }
          return refused(error, reject)
        })
        return () => {
          guarding?.()
          guarding = null
          for (const off of offs) off()
        }
      }),
    mute: () => operate('mute', (clientContext) => calls.mute(ref, { clientContext }, options)),
    unmute: () => operate('unmute', (clientContext) => calls.unmute(ref, { clientContext }, options)),
    updateRecordingStatus: (ask) =>
      operate('updateRecordingStatus', (clientContext) =>
        calls.updateRecordingStatus(ref, { ...ask, clientContext }, options),
      ),
    changeScreenSharingRole: (ask) =>
      request('changeScreenSharingRole', () => calls.changeScreenSharingRole(ref, ask, options)),
    addLargeGalleryView: ({ guardMs } = {}) =>
      operate(
        'addLargeGalleryView',
        (clientContext) => calls.addLargeGalleryView(ref, { clientContext }, options),
        guardMs,
      ),

    invite: ({ guardMs = inviteGuardMs, ...ask }) =>
      operate(
        'participants.invite',
        (clientContext) => participants.invite(ref, { ...ask, clientContext }, options),
        guardMs,
      ),
    muteParticipant: (id) =>
      operate('participants.mute', (clientContext) => participants.mute(ref, id, { clientContext }, options)),
    removeParticipant: (id) => request('participants.remove', () => participants.remove(ref, id, options)),
    startHoldMusic: (id, { guardMs, ...ask } = {}) =>
      operate(
        'participants.startHoldMusic',
        (clientContext) => participants.startHoldMusic(ref, id, { ...ask, clientContext }, options),
        guardMs,
      ),
    stopHoldMusic: (id, { guardMs } = {}) =>
      operate(
        'participants.stopHoldMusic',
        (clientContext) => participants.stopHoldMusic(ref, id, { clientContext }, options),
        guardMs,
      ),
  }

  if (!view.established) watch(establishGuardMs)
  stayAlive(begin.firstKeepAliveMs)
  return { call, hear, fetchRoster, close: () => stop('closed') }
}
