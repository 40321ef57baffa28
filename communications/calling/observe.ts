import type { Call, CallState, ChangeType, ResultInfo } from '../wire/types.ts'

/** What is known of a call. Plain data; `observe` makes the next one. */
export type CallView = {
  state: CallState
  /** Established has been seen, whatever came later. */
  established: boolean
  /** Audio flows now. */
  mediaActive: boolean
  /** Established and active audio have both been seen: the moment to speak, told once. */
  ready: boolean
  /** How far the last transfer is that was asked for here, or that was seen. */
  transfer: 'none' | 'asked' | 'accepted' | 'failed'
  /** The result of a failed transfer has been seen: when one is heard again, it may be a repeat of the old one. */
  failedBefore: boolean
  /**
   * All that Graph said of the call, the newest of each member. What happens once (state, tone, result) is left out. Null where nobody
   * asks for it: it is more than all the rest.
   */
  details: Call | null
}

/** How a call ended. `resultInfo` explains it where Graph said; `explainResult` in results.ts knows the documented ones. */
export type Ended = {
  /** Graph said so (`terminated`), Graph knows the call no more (`gone`), or we hung up and heard no more of it (`hungUp`). */
  how: 'terminated' | 'gone' | 'hungUp'
  resultInfo: ResultInfo | null
  /** Undeclared, free text: show it, do not branch on it. */
  terminationReason: string | null
}

/** What happened to a call, in the order in which it is to be told. */
export type CallEvent =
  | { type: 'stateChanged'; from: CallState; to: CallState }
  | { type: 'established' }
  | { type: 'mediaState'; active: boolean }
  | { type: 'mediaActive' }
  | { type: 'transferred' }
  | { type: 'transferFailed'; resultInfo: ResultInfo | null }
  | ({ type: 'ended' } & Ended)

type Source = 'heard' | 'answered' | 'late'

/** What is known now, and what is to be told. `inDoubt`: the news can mean two things, and only Graph can tell. */
export type Observed = { view: CallView; events: CallEvent[]; inDoubt?: boolean }

export const unseen: CallView = {
  state: 'incoming',
  established: false,
  mediaActive: false,
  ready: false,
  transfer: 'none',
  failedBefore: false,
  details: {},
}

/** States only move on; `established` and `hold` take turns. What is not listed here is no state that we know. */
const order: Partial<Record<CallState, number>> = {
  incoming: 0,
  redirecting: 1,
  establishing: 1,
  ringing: 2,
  established: 3,
  hold: 3,
  transferring: 4,
  transferAccepted: 5,
  terminating: 6,
  terminated: 7,
}
const rank = (state: CallState): number => order[state] ?? -1

/** A state that says how a call stands: one that is newer than this program says nothing. */
export const isKnown = (state: string | null | undefined): state is CallState =>
  typeof state === 'string' && Object.hasOwn(order, state)

/**
 * What a piece of news makes of a call. Pure; the rules are `observerRules` of the contract's state-machine.json.
 *
 * News are views, not commands: they come in any order, more than once or not at all. `answered` is for a call that Graph was asked
 * for just now: it may move a transfer back to `established` without a reason, which a late notification may not. `late` is for an
 * answer before which something else was heard: it decides no transfer at all.
 */
export function observe(
  view: CallView,
  news: { changeType: ChangeType; call: Call },
  source: Source = 'heard',
): Observed {
  const { call } = news
  if (view.state === 'terminated') return { view, events: [] }
  // The example of a rejected call carries neither state nor id: `deleted` alone ends a call.
  if (news.changeType === 'deleted' || call.state === 'terminated') return end(view, call)

  const { state: before, established, mediaActive, ready, transfer, failedBefore } = view
  const details = view.details && detailsAfter(view.details, call)
  const next: CallView = { state: before, established, mediaActive, ready, transfer, failedBefore, details }
  const events: CallEvent[] = []

  const failure = failureOfTransfer(view, call, source)
  // A repeat of how an earlier transfer failed looks the same.
  const inDoubt = failure !== null && (source === 'late' || (source === 'heard' && view.failedBefore))
  const failed = inDoubt ? null : failure
  if (hasFailed(call)) next.failedBefore = true
  if (failed) {
    next.transfer = 'failed'
    events.push({ type: 'transferFailed', resultInfo: failed })
  }
  const state = stateAfter(next, call.state, failed !== null, source)
  if (state !== view.state) {
    next.state = state
    events.push({ type: 'stateChanged', from: view.state, to: state })
  }
  const cameBack = state === 'established' && rank(view.state) > rank('established')
  if (cameBack && !failed) {
    next.transfer = 'failed'
    events.push({ type: 'transferFailed', resultInfo: null })
  }
  // A tone, or any state after it, says as well that the call was established.
  if (!view.established && rank(state) >= rank('established') && state !== 'terminating') {
    next.established = true
    events.push({ type: 'established' })
  }
  if (state === 'transferAccepted' && view.transfer !== 'accepted') {
    next.transfer = 'accepted'
    events.push({ type: 'transferred' })
  }

  const audio = call.mediaState?.audio
  if (audio === 'active' || audio === 'inactive') next.mediaActive = audio === 'active'
  if (next.mediaActive !== view.mediaActive) events.push({ type: 'mediaState', active: next.mediaActive })
  if (next.mediaActive && next.established && !view.ready) {
    next.ready = true
    events.push({ type: 'mediaActive' })
  }
  return { view: shared(next), events, ...(inDoubt && { inDoubt }) }
}

/** Without details there are some hundreds of views at most, and each stands once for all calls. */
const views = new Map<string, CallView>()

function shared(view: CallView): CallView {
  if (view.details) return view
  const { state, established, mediaActive, ready, transfer, failedBefore } = view
  const name = `${state} ${established} ${mediaActive} ${ready} ${transfer} ${failedBefore}`
  const known = views.get(name)
  if (!known) views.set(name, view)
  return known ?? view
}

/** What happens once, and is no detail that stays. */
const passing = new Set<string>(['state', 'toneInfo', 'resultInfo'] satisfies (keyof Call)[])

/** The newest of each member. Most news, such as those of keys, repeat what is known. */
function detailsAfter(details: Call, call: Call): Call {
  let after: Record<string, unknown> | undefined
  for (const name in call) {
    const value = call[name as keyof Call]
    if (passing.has(name) || value === details[name as keyof Call]) continue
    after ??= { ...details }
    after[name] = value
  }
  return after ?? details
}

/** The call is over, for a reason that no notification gave. */
export function endWithoutWord(view: CallView, how: 'gone' | 'hungUp'): Observed {
  return view.state === 'terminated' ? { view, events: [] } : end(view, {}, how)
}

/** A transfer is on its way: a new one, so that what an earlier one left behind does not count. */
export function askTransfer(view: CallView): CallView {
  return { ...view, transfer: 'asked' }
}

function end(view: CallView, call: Call, how: Ended['how'] = 'terminated'): Observed {
  const resultInfo = call.resultInfo ?? null
  const terminationReason = call.terminationReason ?? null
  const transferred = isTransferred(resultInfo, terminationReason) && view.transfer !== 'accepted'
  const events: CallEvent[] = [
    ...(view.mediaActive ? [{ type: 'mediaState' as const, active: false }] : []),
    { type: 'stateChanged', from: view.state, to: 'terminated' },
    ...(transferred ? [{ type: 'transferred' as const }] : []),
    { type: 'ended', how, resultInfo, terminationReason },
  ]
  return {
    view: {
      ...view,
      state: 'terminated',
      mediaActive: false,
      transfer: transferred ? 'accepted' : view.transfer,
      details: view.details && { ...view.details, ...(terminationReason !== null && { terminationReason }) },
    },
    events,
  }
}

/** Documented for a blind transfer: subcode 7015. For a consultative one there is no result, only the reason. */
function isTransferred(result: ResultInfo | null, terminationReason: string | null): boolean {
  return result?.subcode === 7015 || terminationReason?.toLowerCase() === 'apptransferred'
}

/**
 * A transfer that failed brings the call back to `established` with a result, 500 in the documented examples. In the answer to a
 * question the result may be of an earlier transfer, so there this one must have been seen.
 */
function failureOfTransfer({ state, transfer }: CallView, call: Call, source: Source): ResultInfo | null {
  const seen = state === 'transferring' || state === 'transferAccepted'
  const asked = source !== 'answered' && (transfer === 'asked' || transfer === 'accepted')
  if (!(seen || asked) || transfer === 'failed' || call.state !== 'established') return null
  return hasFailed(call) ? (call.resultInfo ?? null) : null
}

const hasFailed = ({ state, resultInfo }: Call): boolean =>
  state === 'established' && resultInfo !== undefined && resultInfo !== null && resultInfo.code >= 400

function stateAfter(
  { state, transfer }: CallView,
  told: Call['state'],
  transferFailed: boolean,
  source: Source,
): CallState {
  if (!isKnown(told)) return state
  const isTransfer = told === 'transferring' || told === 'transferAccepted'
  // What is still said about a transfer that has failed comes too late.
  if (isTransfer && transfer === 'failed') return state
  const backFromTransfer = told === 'established' && (state === 'transferring' || state === 'transferAccepted')
  if (backFromTransfer) return transferFailed || source === 'answered' ? told : state
  const takesTurns = rank(told) === rank('established') && rank(state) === rank('established')
  return takesTurns || rank(told) > rank(state) ? told : state
}
