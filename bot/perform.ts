import type { News } from '#communications/calling/followed.ts'
import type { Patience } from '#communications/calling/ledger.ts'
import type { Party, Recording } from '#communications/requests/calls.ts'
import { GraphError } from '#communications/road/error.ts'
import { toneOf } from '#communications/wire/toneKeys.ts'
import type { CommsOperation } from '#communications/wire/types.ts'
import type { Command, Target } from '#flow/talk.ts'
import type { Soon } from '#ground/soon.ts'
import { StoreError } from '#store/error.ts'
import { askService } from './askService.ts'
import { keepCallback } from './callbacks.ts'
import { NotSpoken } from './fresh.ts'
import type { Live } from './live.ts'
import { answeringMs, callerHoldsMs, isAwaited, silencingMs, transferOnce, turnAway } from './persist.ts'
import type { PromptAudio } from './program.ts'
import { type Due, type Expected, programOf, type Session } from './session.ts'
import { askTable } from './tables.ts'

type Deps = Pick<
  Live,
  | 'calls'
  | 'callbackUri'
  | 'callbacks'
  | 'clock'
  | 'fresh'
  | 'learn'
  | 'log'
  | 'recordings'
  | 'services'
  | 'sessions'
  | 'tables'
  | 'tell'
  | 'timers'
  | 'underway'
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
      return operationBegun(context, durationOf(command, programOf(session).audio))
    case 'record':
      return operationBegun(context, lengthOf(session, command))
    case 'subscribeTones':
      return operationBegun(context, 0)
    case 'sendTones':
      return operationBegun(context, command.tones.length * command.gapMs)
    case 'transfer':
      return { type: 'begun', request: 'transfer', patience: { ms: transferMs, ...asLongAsItTakes } }
    default:
      return null
  }
}

function operationBegun(context: string, durationMs: number): News {
  // By spread the patience takes twice the room.
  const patience: Patience = { ms: marginMs + durationMs, againMs: again.againMs, most: again.most }
  return { type: 'begun', request: 'operation', context, patience }
}

/** For a command whose end comes as the end of an operation. */
export function expectedOf({ command, context }: Due): Expected | null {
  const { type, visit } = command
  if (type === 'record') return { context, visit, command: type, leastMs: command.leastMs }
  if (type === 'play' && command.more) return { context, visit, command: type, more: true }
  return isOperation(type) ? { context, visit, command: type } : null
}

/** What Graph takes at once and tells the end of later. */
const isOperation = (type: Command['type']): type is Expected['command'] =>
  type === 'play' || type === 'record' || type === 'subscribeTones' || type === 'sendTones'

/** The visit of the flow at which a command is waited for, and after which it is not; null when that lasts as long as the call. */
export const waitingVisit = ({ type, visit }: Command): number | null =>
  isOperation(type) || type === 'transfer' || type === 'request' ? visit : null

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
  const held = { until: stop, retryForMs: callerHoldsMs }
  switch (command.type) {
    case 'answer':
      return calls
        .answer(ref, { callbackUri: deps.callbackUri }, { until: stop, retryForMs: answeringMs })
        .then(() => answerTaken)
    case 'play': {
      // Heard twice is better than not at all.
      const how = { ...held, evenTwice: true }
      const play = (prompts: PromptAudio[]) =>
        calls.playPrompt(ref, { prompts, clientContext: context }, how).then(operationTaken(context))
      if (!command.fresh) return play(audioOf(session, command.prompts))
      return freshAudioOf(session, { command, context }, stop, deps).then(play)
    }
    case 'record': {
      deps.recordings.expect(context, session, command.leastMs)
      return calls.recordResponse(ref, recordingOf(session, command, context), held).then(operationTaken(context))
    }
    case 'takeRecording':
      void deps.recordings.take(session, command.visit, deps.tell) // a slow file must not hold up what is said meanwhile
      return null
    case 'subscribeTones':
      return calls.subscribeToTone(ref, { clientContext: context }, held).then(operationTaken(context))
    case 'sendTones':
      return calls.sendDtmfTones(ref, tonesOf(command, context), held).then(operationTaken(context))
    case 'cancelMedia': {
      // Nothing of this call is asked for in between, so that a repeat cuts off what the first was to.
      const how = { until: stop, retryForMs: silencingMs, evenTwice: true }
      return calls.cancelMediaProcessing(ref, { clientContext: context }, how).then(() => null)
    }
    case 'startTimer':
      timers.start(callId, command.timer, command.ms, command.visit)
      return null
    case 'request': {
      const { request, visit } = command
      return askService(session, request, stop, deps).then((answer) => {
        if (answer) deps.tell(callId, { type: 'responded', visit, answer })
        return null
      })
    }
    case 'transfer': {
      const target = partyOf(command.target)
      return transferOnce(ref, { target, clientContext: context }, stop, deps).then(() => transferTaken)
    }
    case 'lookUp':
    case 'writeRow':
      return askTable(session, command, deps)
    case 'createCallback':
      return keepCallback(session, command, deps)
    // Taken, it is as good as a hang-up: nothing else can come of the call.
    case 'reject':
      return calls
        .reject(ref, { reason: command.reason }, { until: stop, retryForMs: answeringMs })
        .then(() => hangUpTaken)
    case 'redirect': {
      const how = { until: stop, retryForMs: answeringMs }
      return calls.redirect(ref, redirectionOf(command), how).then(() => null)
    }
    case 'hangUp': {
      const isRinging = session.heard.view.state === 'incoming'
      return (isRinging ? turnAway(session, deps) : calls.hangUp(ref, { until: stop })).then(() => hangUpTaken)
    }
    default:
      return command satisfies never // a new command does not compile until it is performed
  }
}

const tonesOf = ({ tones, gapMs }: Extract<Command, { type: 'sendTones' }>, clientContext: string) => ({
  tones: [...tones].flatMap((key) => toneOf(key) ?? []),
  delayBetweenTonesMs: gapMs,
  clientContext,
})

const redirectionOf = ({ targets, seconds }: Extract<Command, { type: 'redirect' }>) => ({
  targets: targets.map(partyOf),
  ...(seconds !== null && { timeoutSeconds: seconds }),
})

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
  return isOperation(type) ? { type: 'dropped', request: 'operation', context } : null
}

type RecordCommand = Extract<Command, { type: 'record' }>

/** How long a recording lasts at the most, with the prompt before it. */
const lengthOf = (session: Session, { prompts, firstSeconds, maxSeconds }: RecordCommand): number =>
  soundingMs(prompts, programOf(session).audio) + (firstSeconds + maxSeconds) * 1000

function recordingOf(session: Session, command: RecordCommand, clientContext: string): Recording {
  const [prompt] = audioOf(session, command.prompts)
  return {
    clientContext,
    ...(prompt && { prompt: { uri: prompt.uri, resourceId: prompt.resourceId } }),
    playBeep: command.beep,
    initialSilenceTimeoutInSeconds: command.firstSeconds,
    maxSilenceTimeoutInSeconds: command.silenceSeconds,
    maxRecordDurationInSeconds: command.maxSeconds,
    stopTones: [...command.stopKeys],
  }
}

type Play = Extract<Command, { type: 'play' }>

/** How long a play lasts from when it is asked for, with what sounds before it. */
const durationOf = ({ prompts, behind = [] }: Play, audio: ReadonlyMap<string, PromptAudio>): number =>
  soundingMs([...behind, ...prompts], audio)

const soundingMs = (texts: readonly string[], audio: ReadonlyMap<string, PromptAudio>): number =>
  texts.reduce((sum, text) => sum + (audio.get(text)?.durationMs ?? 0), 0)

/** The audio of prompts of which some are known only now; how long they last is known only then too. */
async function freshAudioOf(
  session: Session,
  { command, context }: { command: Play; context: string },
  stop: AbortSignal,
  { fresh, learn }: Deps,
): Promise<PromptAudio[]> {
  const { callId } = session
  const program = programOf(session)
  const texts = [...(command.behind ?? []), ...command.prompts].filter((text) => !program.audio.has(text))
  const spoken = await fresh.of(callId, texts, { language: program.language, until: stop })
  const audio = new Map([...program.audio, ...spoken])
  await learn(callId, operationBegun(context, durationOf(command, audio)))
  return listOf(command.prompts, audio)
}

function codeOf(error: unknown): string {
  if (error instanceof StoreError || error instanceof NotSpoken) return error.code
  if (error instanceof PromptMissing || error instanceof NotEstablished) return error.code
  if (!(error instanceof GraphError)) return 'internal'
  return error.subcode === null ? error.code : `${error.status}/${error.subcode}`
}

class PromptMissing extends Error {
  override readonly name = 'PromptMissing'
  readonly code = 'promptMissing'
}

/** Graph refuses these before the call is established, so that asking for them would only keep the caller waiting. */
const needsCaller = new Set<Command['type']>([
  ...(['play', 'record', 'subscribeTones', 'sendTones', 'cancelMedia', 'transfer'] as const),
])

class NotEstablished extends Error {
  override readonly name = 'NotEstablished'
  readonly code = 'notEstablished'
}

/** The same list of texts is the same list of addresses: made once for each program. */
const lists = new WeakMap<readonly string[], PromptAudio[]>()

function audioOf(session: Session, texts: readonly string[]): PromptAudio[] {
  const known = lists.get(texts)
  if (known) return known
  const list = listOf(texts, programOf(session).audio)
  lists.set(texts, list)
  return list
}

const listOf = (texts: readonly string[], known: ReadonlyMap<string, PromptAudio>): PromptAudio[] =>
  texts.map((text) => {
    const audio = known.get(text)
    if (!audio) throw new PromptMissing('A prompt has no audio: publish the flow again.')
    return audio
  })
