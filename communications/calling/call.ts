import { setMaxListeners } from 'node:events'
import type { Cancel } from '#ground/clock.ts'
import { normalId } from '#ground/ids.ts'
import type { Notification } from '../inbound/notifications.ts'
import type { CallRef, Options } from '../requests/ask.ts'
import type { Recording } from '../requests/callBodies.ts'
import { GraphError } from '../road/error.ts'
import type { CommsOperation, ResultInfo, ToneInfo } from '../wire/types.ts'
import { createEmitter, quietly } from './emitter.ts'
import type { CallEvents, CallSettings, Followed, Guarded, LiveCall } from './liveCall.ts'
import {
  askTransfer,
  type CallEvent,
  type CallView,
  type Ended,
  endWithoutWord,
  type Observed,
  observe,
} from './observe.ts'
import {
  createLedger,
  failureOf,
  isOnlyTheEnd,
  isOver,
  OperationError,
  withRecording,
  withStatus,
} from './operations.ts'
import { applyFetched, applyRoster, emptyRoster, type RosterChange, type RosterNews } from './roster.ts'
import { noTones, skipGap, type Taken, takeTone } from './tones.ts'

export type { CallEvents, CallSettings, Followed, LiveCall } from './liveCall.ts'

/** An unanswered invitation or transfer fails by itself after about 60 s (observed in the case of invitations). */
const inviteGuardMs = 75_000
/** What Graph does at once. */
const quickGuardMs = 30_000
/** After the 204 of a hang-up nothing else can come of the call. */
const hangUpGuardMs = 5_000
/** A keepAlive that failed is tried again after this part of the usual time, so that one of many gets through in 45 minutes. */
const keepAliveHurry = 15

/** Graph is not asked for the same thing more often than this, whatever the settings say. */
const leastPauseMs = 1_000
/** What a timer of Node holds; a longer one would go off at once. */
const longestTimerMs = 2 ** 31 - 1

const nothing = () => {}

/** A time after which Graph is asked: a second at least, also for 0 and for what is no number. Infinity is never. */
const paced = (ms: number): number => (ms > leastPauseMs ? ms : leastPauseMs)

/** A promise that knows whether anybody waits for it: one that nobody awaits must not end the process when it rejects. */
class Asked<T> extends Promise<T> {
  /** What follows from it is an ordinary promise. */
  static override get [Symbol.species]() {
    return Promise
  }
  #isAwaited = false

  // biome-ignore lint/suspicious/noThenProperty: `await` goes through it, since this is not a plain promise
  override then<A = T, B = never>(
    onResolved?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#isAwaited = true
    return super.then(onResolved, onRejected)
  }

  /** From now on a rejection that nobody waits for goes to `tell`, and not to the process. */
  orElse(tell: (error: unknown) => void): this {
    super.then(undefined, (error) => {
      if (!this.#isAwaited) tell(error)
    })
    return this
  }
}

function deferred<T>() {
  let resolve: (value: T) => void = nothing
  let reject: (error: unknown) => void = nothing
  const promise = new Asked<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

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

export function followCall(
  ref: CallRef,
  begin: { view: CallView; firstKeepAliveMs: number },
  settings: CallSettings,
  onEnd: () => void,
): Followed {
  const { client, clock, callbackUri, keepAliveMs, establishGuardMs, operationGuardMs, toneGapMs } = settings
  let { view } = begin
  let ended: Ended | null = null
  let tones = noTones
  let roster = emptyRoster
  const ledger = createLedger()
  const onError = quietly((error) => settings.onError(error, call))
  const emitter = createEmitter<CallEvents>((error) => {
    if (!isOnlyTheEnd(error)) onError(error)
  })

  /** Set when nothing is followed any more: why. */
  let stopped: 'callEnded' | 'closed' | null = null
  const over = new AbortController()
  // Every request of the call listens to it, however many there are at once.
  setMaxListeners(0, over.signal)
  const options: Options = { signal: over.signal }
  const timers = new Set<Cancel>()
  const pending = new Set<(why: 'callEnded' | 'closed') => void>()

  /** A timer that ends with the call, of any length: Infinity never goes off. */
  function after(ms: number, act: () => void): Cancel {
    if (stopped || ms === Number.POSITIVE_INFINITY) return nothing
    const part = Math.min(ms, longestTimerMs)
    let rest: Cancel = nothing
    const cancel = clock.after(part, () => {
      timers.delete(cancel)
      if (ms > part) rest = after(ms - part, act)
      else act()
    })
    timers.add(cancel)
    return () => {
      timers.delete(cancel)
      cancel()
      rest()
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

  /**
   * A promise that cannot outlive the call. What `work` gives back tidies up, however it was settled. When nobody awaits it, its
   * failure is told by the `operation` event, and a refusal, which no event tells, by `onError`.
   */
  function untilOver<T>(
    operation: string,
    work: (settle: { resolve(value: T): void; reject(error: unknown): void }) => Cancel,
    { whenEnded, signal }: { whenEnded?: ((how: Ended) => T) | undefined; signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    const { promise, resolve, reject } = deferred<T>()
    promise.orElse((error) => {
      if (error instanceof GraphError && error.code !== 'aborted') onError(error)
    })
    let isOpen = true
    let tidyUp: Cancel = nothing
    const settle = (act: () => void) => {
      if (!isOpen) return
      isOpen = false
      pending.delete(finish)
      signal?.removeEventListener('abort', abort)
      tidyUp()
      act()
    }
    const finish = (why: 'callEnded' | 'closed') =>
      settle(() => {
        if (why === 'callEnded' && ended && whenEnded) return resolve(whenEnded(ended))
        reject(new OperationError(why, operation))
      })
    const abort = () => settle(() => reject(new OperationError('aborted', operation, null, signal?.reason)))
    if (stopped) finish(stopped)
    else if (signal?.aborted) abort()
    if (!isOpen) return promise
    pending.add(finish)
    signal?.addEventListener('abort', abort)
    const tidy = work({
      resolve: (value) => settle(() => resolve(value)),
      reject: (error) => settle(() => reject(error)),
    })
    if (isOpen) tidyUp = tidy
    else tidy()
    return promise
  }

  /** How often the state has changed: an answer to a question from before is old. */
  let changes = 0
  function know(next: CallView): void {
    if (next.state !== view.state) changes += 1
    view = next
  }

  /** News first become what is known, and then are told. What they leave in doubt is asked. */
  function take({ view: next, events, inDoubt }: Observed): void {
    know(next)
    for (const event of events) tell(event)
    if (inDoubt) void look()
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
    const before = changes
    try {
      const call = await client.calls.get(ref, options)
      // What was heard or asked while the answer was on its way is newer than it.
      if (!stopped) take(observe(view, { changeType: 'updated', call }, changes === before ? 'answered' : 'late'))
    } catch (error) {
      if (stopped) return
      if (error instanceof GraphError && error.gone) take(endWithoutWord(view, 'gone'))
      else onError(error)
    }
  }

  /** Looks until the call is established, less and less often, and once more if audio does not flow by then. */
  let watching: Cancel = nothing
  function watch(ms: number): void {
    watching()
    watching = after(paced(ms), async () => {
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
        stayAlive(paced(keepAliveMs))
      } catch (error) {
        if (stopped) return
        if (error instanceof GraphError && error.gone) return take(endWithoutWord(view, 'gone'))
        onError(error)
        stayAlive(paced(keepAliveMs / keepAliveHurry))
      }
    })
  }

  /** A refusal goes to who asked; a 404 may mean the call or only one of its parts, so the call is looked at first. */
  async function refused(error: unknown, reject: (error: unknown) => void): Promise<void> {
    if (error instanceof GraphError && error.status === 404) await look()
    reject(error)
  }

  /** A request that is done when it is answered. */
  function request<T>(operation: string, send: () => Promise<T>, whenEnded?: (how: Ended) => T): Promise<T> {
    return untilOver<T>(
      operation,
      ({ resolve, reject }) => {
        promised(send).then(resolve, (error) => refused(error, reject))
        return nothing
      },
      { whenEnded },
    )
  }

  /** A request that ends the call: its end may be heard before the answer. One that is over already it has not ended. */
  function endBy(operation: string, send: () => Promise<void>): Promise<void> {
    return request(operation, send, stopped ? undefined : nothing)
  }

  /** An operation that is done when Graph has ended it. */
  function operate(
    operation: string,
    send: (clientContext: string, options: Options) => Promise<CommsOperation>,
    { guardMs = quickGuardMs, signal }: Guarded = {},
  ): Promise<CommsOperation> {
    return operateFor(operation, send, { guardMs, signal }, (outcome) => outcome)
  }

  /** The same, where the end must bring something: `read` takes it out, or throws. */
  function operateFor<T>(
    operation: string,
    send: (clientContext: string, options: Options) => Promise<CommsOperation>,
    { guardMs, signal }: { guardMs: number; signal: AbortSignal | undefined },
    read: (outcome: CommsOperation) => T,
  ): Promise<T> {
    const clientContext = crypto.randomUUID()
    const begin = ({ resolve, reject }: { resolve(value: T): void; reject(error: unknown): void }): Cancel => {
      let guarding: Cancel | null = nothing
      ledger.begin(clientContext, (outcome) => {
        try {
          const failure = failureOf(operation, outcome)
          if (failure) reject(failure)
          else resolve(read(outcome))
        } catch (error) {
          reject(error)
        }
      })
      /** No notification in time: asks once, and again only while Graph says that it runs. */
      const guard = (id: string | undefined) => {
        if (guarding === null) return
        guarding = after(paced(guardMs), async () => {
          const said = id === undefined ? null : await client.calls.getOperation(ref, id, options).catch(() => null)
          if (said && isOver(said)) return finishOperation({ ...said, clientContext }, id)
          if (said) return guard(id)
          await look()
          reject(new OperationError('noWord', operation))
        })
      }
      const mine = signal ? { signal: AbortSignal.any([over.signal, signal]) } : options
      promised(() => send(clientContext, mine)).then(
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
    }
    return untilOver<T>(operation, begin, { signal })
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
    const taken = takeTone(tones, tone)
    tellTones(taken)
    // The wait is for one gap: more keys behind the same one do not make it longer.
    if (taken.told.length > 0 || tones.waiting.length === 0) {
      gapTimer?.()
      gapTimer = null
    }
    if (tones.waiting.length > 0) gapTimer ??= after(toneGapMs, waitNoLonger)
  }
  function waitNoLonger(): void {
    tellTones(skipGap(tones))
    gapTimer = tones.waiting.length === 0 ? null : after(toneGapMs, waitNoLonger)
  }

  function tellRoster(change: RosterChange): void {
    if (change.added.length + change.updated.length + change.removed.length > 0) emitter.emit('roster', change)
  }

  function hearRoster(news: RosterNews): void {
    const { roster: next, change, gap } = applyRoster(roster, news)
    roster = next
    heardMeanwhile?.push(news)
    tellRoster(change)
    if (gap) void fetchRoster()
  }

  /** What was heard of the roster since Graph was asked for it; null while it is not asked. */
  let heardMeanwhile: RosterNews[] | null = null
  let fetchAgain = false
  let fetchIsDue = false
  let fetchedAt = Number.NEGATIVE_INFINITY
  async function fetchRoster(): Promise<void> {
    if (stopped) return
    if (heardMeanwhile) {
      fetchAgain = true
      return
    }
    const wait = fetchedAt + leastPauseMs - clock.now()
    if (wait > 0) {
      if (!fetchIsDue)
        after(Math.min(wait, leastPauseMs), () => {
          fetchIsDue = false
          void fetchRoster()
        })
      fetchIsDue = true
      return
    }
    fetchedAt = clock.now()
    fetchAgain = false
    const before = roster
    const meanwhile: RosterNews[] = []
    heardMeanwhile = meanwhile
    try {
      const participants = await client.participants.list(ref, options)
      if (!stopped) {
        const { roster: next, change } = applyFetched(roster, { before, participants, meanwhile })
        roster = next
        tellRoster(change)
      }
    } catch (error) {
      if (!stopped) onError(error)
    }
    heardMeanwhile = null
    if (fetchAgain) void fetchRoster()
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
        // How a delta looks on the wire is not documented: a list counts as one when the call was asked for with deltas.
        hearRoster({ ...news, delta: news.delta || view.details.callOptions?.isDeltaRosterEnabled === true })
        break
      default:
        emitter.emit('other', news)
    }
  }

  /** Keys from now on, kept until they are asked for, so that none is lost between two questions. */
  function listen(): AsyncIterableIterator<ToneInfo> {
    const kept: ToneInfo[] = []
    const askers: ((result: IteratorResult<ToneInfo, undefined>) => void)[] = []
    let isOver = stopped !== null
    const off = emitter.on('tone', (tone) => {
      const asker = askers.shift()
      if (asker) asker({ value: tone, done: false })
      else kept.push(tone)
    })
    const finish = () => {
      isOver = true
      off()
      pending.delete(finish)
      for (const asker of askers.splice(0)) asker({ value: undefined, done: true })
    }
    if (isOver) off()
    else pending.add(finish)
    return {
      next() {
        const tone = kept.shift()
        if (tone) return Promise.resolve({ value: tone, done: false })
        if (isOver) return Promise.resolve({ value: undefined, done: true })
        return new Promise((resolve) => askers.push(resolve))
      },
      return() {
        kept.length = 0
        finish()
        return Promise.resolve({ value: undefined, done: true })
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  let isTransferring = false

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
    until(event, wait = {}) {
      const { timeoutMs = Number.POSITIVE_INFINITY, signal } = typeof wait === 'number' ? { timeoutMs: wait } : wait
      // Also when the call is over by now. Such events carry nothing.
      if (happened[event]?.()) return Promise.resolve(undefined as CallEvents[typeof event])
      return untilOver(
        `until ${event}`,
        ({ resolve, reject }) => {
          const off = emitter.once(event, resolve)
          const late = () => reject(new OperationError('timeout', `until ${event}`))
          const cancel = after(timeoutMs, late)
          return () => {
            off()
            cancel()
          }
        },
        // the event is `ended`
        { signal, whenEnded: event === 'ended' ? (how) => how as CallEvents[typeof event] : undefined },
      )
    },
    tones: () => listen(),

    answer(ask = {}) {
      if (ask.callOptions) view = { ...view, details: { ...view.details, callOptions: ask.callOptions } }
      return request('answer', async () => {
        await calls.answer(ref, { ...ask, callbackUri: callbackUri() }, options)
        watch(establishGuardMs)
      })
    },
    reject: (ask) => endBy('reject', () => calls.reject(ref, ask, options)),
    redirect: (ask) => endBy('redirect', () => calls.redirect(ref, { ...ask, callbackUri: callbackUri() }, options)),
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
        { whenEnded: nothing },
      ),

    playPrompt: ({ guardMs = operationGuardMs, signal, ...ask }) =>
      operate('playPrompt', (clientContext, mine) => calls.playPrompt(ref, { ...ask, clientContext }, mine), {
        guardMs,
        signal,
      }),
    recordResponse: ({ guardMs, signal, ...ask }) =>
      operateFor(
        'recordResponse',
        (clientContext, mine) => calls.recordResponse(ref, { ...ask, clientContext }, mine),
        { guardMs: guardMs ?? recordGuardMs(ask, operationGuardMs), signal },
        withRecording,
      ),
    subscribeToTone: () =>
      operate('subscribeToTone', (clientContext) => calls.subscribeToTone(ref, { clientContext }, options)),
    cancelMediaProcessing: () =>
      operate('cancelMediaProcessing', (clientContext) => calls.cancelMediaProcessing(ref, { clientContext }, options)),
    sendDtmfTones: ({ guardMs = operationGuardMs, signal, ...ask }) =>
      operate('sendDtmfTones', (clientContext, mine) => calls.sendDtmfTones(ref, { ...ask, clientContext }, mine), {
        guardMs,
        signal,
      }),
    transfer: ({ guardMs = inviteGuardMs, ...ask }) =>
      untilOver<void>('transfer', ({ resolve, reject }) => {
        if (isTransferring) {
          reject(new GraphError({ code: 'badRequest', operation: 'transfer' }, secondTransfer))
          return nothing
        }
        isTransferring = true
        let guarding: Cancel | null = nothing
        const failed = (resultInfo: ResultInfo | null) =>
          reject(new OperationError('transferFailed', 'transfer', resultInfo))
        const offs = [
          emitter.once('transferred', () => resolve()),
          emitter.once('transferFailed', ({ resultInfo }) => failed(resultInfo)),
        ]
        const guard = () => {
          if (guarding === null) return
          guarding = after(paced(guardMs), async () => {
            await look()
            if (view.state === 'transferring') return guard()
            reject(new OperationError('noWord', 'transfer'))
          })
        }
        know(askTransfer(view))
        const clientContext = crypto.randomUUID()
        promised(() => calls.transfer(ref, { ...ask, clientContext }, options)).then(guard, (error: unknown) => {
          if (view.transfer === 'asked') know({ ...view, transfer: 'none' })
          return refused(error, reject)
        })
        return () => {
          guarding?.()
          guarding = null
          isTransferring = false
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
    addLargeGalleryView: (guarded) =>
      operate(
        'addLargeGalleryView',
        (clientContext, mine) => calls.addLargeGalleryView(ref, { clientContext }, mine),
        guarded,
      ),

    invite: ({ guardMs = inviteGuardMs, signal, ...ask }) =>
      operate(
        'participants.invite',
        (clientContext, mine) => participants.invite(ref, { ...ask, clientContext }, mine),
        { guardMs, signal },
      ),
    muteParticipant: (id) =>
      operate('participants.mute', (clientContext) => participants.mute(ref, id, { clientContext }, options)),
    removeParticipant: (id) => request('participants.remove', () => participants.remove(ref, id, options)),
    startHoldMusic: (id, { guardMs, signal, ...ask } = {}) =>
      operate(
        'participants.startHoldMusic',
        (clientContext, mine) => participants.startHoldMusic(ref, id, { ...ask, clientContext }, mine),
        { guardMs, signal },
      ),
    stopHoldMusic: (id, guarded) =>
      operate(
        'participants.stopHoldMusic',
        (clientContext, mine) => participants.stopHoldMusic(ref, id, { clientContext }, mine),
        guarded,
      ),
  }

  if (!view.established) watch(establishGuardMs)
  stayAlive(begin.firstKeepAliveMs)
  return { call, hear, fetchRoster, close: () => stop('closed') }
}
