import type { News } from '#communications/calling/followed.ts'
import type { Patience } from '#communications/calling/ledger.ts'
import type { Party } from '#communications/requests/calls.ts'
import { GraphError } from '#communications/road/error.ts'
import type { CommsOperation } from '#communications/wire/types.ts'
import type { Command, Target } from '#flow/talk.ts'
import type { Soon } from '#ground/soon.ts'
import { StoreError } from '#store/error.ts'
import type { Live } from './live.ts'
import { answeringMs, callerHoldsMs, isAwaited, silencingMs, transferOnce, turnAway } from './persist.ts'
import type { PromptAudio } from './program.ts'
import type { Due, Expected, Session } from './session.ts'
import { askTable } from './tables.ts'

type Deps = Pick<
  Live,
  'calls' | 'callbackUri' | 'clock' | 'learn' | 'log' | 'sessions' | 'tables' | 'tell' | 'timers' | 'underway'
>

/** Beyond what the thing itself takes: how late Graph tells it. Nothing of this is documented. */
const marginMs = 10_000
const transferMs = 90_000
/** What is still under way then is given this again, so many times. */
const again = { againMs: 10_000, most: 6 }
/** A transfer is asked about as long as it lasts: until the call is back, nothing can be said to the caller. */
const asLongAsItTakes = { againMs: 10_000, most: null }

/** What is to be known of the requests of a command before they go out. */
export function begunBy(session: Session, { command, context }: Due): News | null {
  switch (command.type) {
    case 'play':
    case 'subscribeTones': {
      const ms = marginMs + (command.type === 'play' ? durationOf(session, command.prompts) : 0)
      const patience: Patience = { ms, againMs: again.againMs, most: again.most } // by spread it takes twice the room
      return { type: 'begun', request: 'operation', context, patience }
    }
    case 'transfer':
      return { type: 'begun', request: 'transfer', patience: { ms: transferMs, ...asLongAsItTakes } }
    default:
      return null
  }
}

/** For a command whose end comes as the end of an operation. */
export const expectedOf = ({ command, context }: Due): Expected | null =>
  command.type === 'play' || command.type === 'subscribeTones'
    ? { context, visit: command.visit, command: command.type }
    : null

/** The visit of the flow at which a command is waited for, and after which it is not; null when that lasts as long as the call. */
export const waitingVisit = ({ type, visit }: Command): number | null =>
  type === 'play' || type === 'subscribeTones' || type === 'transfer' ? visit : null

/**
 * Carries out one command: one case each, no decisions. Gives back what Graph's answer is news of. Never throws: what Graph refuses
 * or leaves unanswered becomes an event of the flow. Nothing more is sent once `stop` says that nobody
 * waits for it.
 */
export async function perform(session: Session, due: Due, stop: AbortSignal, deps: Deps): Promise<News | null> {
  try {
    const awaited = isAwaited(session, waitingVisit(due.command), deps)
    if (!(typeof awaited === 'boolean' ? awaited : await awaited) || stop.aborted) return null
    return await send(session, due, stop, deps)
  } catch (error) {
    await refused(session, due, deps, error)
    return null
  }
}

/** A request that Graph takes is news. Throws as well as it rejects. */
function send(session: Session, { command, context }: Due, stop: AbortSignal, deps: Deps): Soon<News | null> {
  const { calls, timers } = deps
  const { callId, ref } = session
  if (needsCaller.has(command.type) && !session.heard.view.established) throw new NotEstablished()
  switch (command.type) {
    case 'answer':
      return calls
        .answer(ref, { callbackUri: deps.callbackUri }, { until: stop, retryForMs: answeringMs })
        .then(() => answerTaken)
    case 'play': {
      const prompts = audioOf(session, command.prompts)
      // Heard twice is better than not at all.
      const how = { until: stop, retryForMs: callerHoldsMs, evenTwice: true }
      return calls.playPrompt(ref, { prompts, clientContext: context }, how).then(operationTaken(context))
    }
    case 'subscribeTones': {
      const how = { until: stop, retryForMs: callerHoldsMs }
      return calls.subscribeToTone(ref, { clientContext: context }, how).then(operationTaken(context))
    }
    case 'cancelMedia': {
      // Nothing of this call is asked for in between, so that a repeat cuts off what the first was to.
      const how = { until: stop, retryForMs: silencingMs, evenTwice: true }
      return calls.cancelMediaProcessing(ref, { clientContext: context }, how).then(() => null)
    }
    case 'startTimer': {
      const { timer, visit, ms } = command
      timers.start(callId, timer, ms, visit)
      return null
    }
    case 'transfer': {
      const target = partyOf(command.target)
      return transferOnce(ref, { target, clientContext: context }, stop, deps).then(() => transferTaken)
    }
    case 'lookUp':
    case 'writeRow':
      return askTable(session, command, deps)
    case 'hangUp': {
      const isRinging = session.heard.view.state === 'incoming'
      return (isRinging ? turnAway(session, deps) : calls.hangUp(ref, { until: stop })).then(() => hangUpTaken)
    }
    default:
      return command satisfies never // a new command does not compile until it is performed
  }
}

function partyOf({ kind, id, name }: Target): Party {
  const identity = { id, ...(name !== '' && name !== id && { displayName: name }) }
  if (kind === 'number') return { phone: identity }
  // A resource account by its object id: as a user it is refused (microsoft-graph-comms-samples #260). Not in the contract.
  return kind === 'queue' ? { application: identity } : { user: identity }
}

const answerTaken: News = { type: 'taken', request: 'answer' }
const transferTaken: News = { type: 'taken', request: 'transfer' }
const hangUpTaken: News = { type: 'taken', request: 'hangUp' }
const operationTaken =
  (context: string) =>
  (operation: CommsOperation): News => ({ type: 'taken', request: 'operation', context, operation })

async function refused(session: Session, { command, context }: Due, deps: Deps, error: unknown): Promise<void> {
  const { callId } = session
  const refusal = error instanceof GraphError ? error : null
  if (refusal?.code === 'aborted') return
  if (refusal?.status === 404) {
    // Of a transfer it may be of the person that it was to go to, and a bare one of anything.
    const of = refusal.gone && command.type !== 'transfer' ? 'call' : 'part'
    await deps.learn(callId, { type: 'gone', of, subcode: refusal.subcode })
    if (of === 'call') return
  }
  const what = { callId, command: command.type, code: codeOf(error), requestId: refusal?.requestId }
  deps.log.warn(refusal ? what : { ...what, err: error }, 'A command was not carried out')
  const dropped = droppedWith(command, context)
  if (dropped) await deps.learn(callId, dropped)
  deps.tell(callId, { type: 'commandFailed', command: command.type, visit: command.visit, problem: codeOf(error) })
}

function droppedWith({ type }: Command, context: string): News | null {
  if (type === 'transfer') return { type: 'dropped', request: 'transfer' }
  return type === 'play' || type === 'subscribeTones' ? { type: 'dropped', request: 'operation', context } : null
}

const durationOf = ({ program }: Session, texts: readonly string[]): number =>
  texts.reduce((sum, text) => sum + (program.audio.get(text)?.durationMs ?? 0), 0)

function codeOf(error: unknown): string {
  if (error instanceof PromptMissing || error instanceof NotEstablished || error instanceof StoreError)
    return error.code
  if (!(error instanceof GraphError)) return 'internal'
  return error.subcode === null ? error.code : `${error.status}/${error.subcode}`
}

class PromptMissing extends Error {
  override readonly name = 'PromptMissing'
  readonly code = 'promptMissing'
}

/** Graph refuses these before the call is established, so that asking for them would only keep the caller waiting. */
const needsCaller = new Set<Command['type']>(['play', 'subscribeTones', 'cancelMedia', 'transfer'])

class NotEstablished extends Error {
  override readonly name = 'NotEstablished'
  readonly code = 'notEstablished'
}

/** The same list of texts is the same list of addresses: made once for each program. */
const lists = new WeakMap<readonly string[], PromptAudio[]>()

function audioOf({ program }: Session, texts: readonly string[]): PromptAudio[] {
  const known = lists.get(texts)
  if (known) return known
  const list = texts.map((text) => {
    const audio = program.audio.get(text)
    if (!audio) throw new PromptMissing('A prompt has no audio: publish the flow again.')
    return audio
  })
  lists.set(texts, list)
  return list
}
