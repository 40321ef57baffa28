import { GraphError } from '../road/error.ts'
import { createGraph, type Graph, type GraphAnswer, type GraphSettings } from '../road/graph.ts'
import { inPath, limitContext, limitTo } from '../road/limits.ts'
import { readCall, readOperation } from '../wire/read.ts'
import type {
  Call,
  CommsOperation,
  OperationType,
  ScreenSharingRole,
  TeleconferenceDeviceQuality,
  UpdateRecordingStatusBody,
} from '../wire/types.ts'
import {
  act,
  type CallRef,
  callPath,
  end,
  getOne,
  type How,
  type Options,
  onceOnly,
  operationIn,
  repeatable,
} from './ask.ts'
import {
  type Answer,
  answerBody,
  createBody,
  deviceQualityBody,
  type NewCall,
  type Prompt,
  playPromptBody,
  type Recording,
  type Redirection,
  type Rejection,
  recordBody,
  recordingStatusBody,
  redirectBody,
  rejectBody,
  type Tones,
  type Transfer,
  tonesBody,
  transferBody,
} from './callBodies.ts'

export type { CallRef, Options } from './ask.ts'
export type { NewCall, Prompt, Recording, Redirection, Tones, Transfer } from './callBodies.ts'
export type { Party, Source } from './parties.ts'

export type CallsSettings = GraphSettings

/** Every method throws GraphError; requests that break a documented limit are refused before sending, with code `badRequest`. */
export type CallOperations = {
  /** Within 15 s of `incoming`. Sent again when unanswered: a repeat of an answer that was taken is refused, which counts as done. */
  answer(call: CallRef, answer: Answer, options?: Options): Promise<void>
  /** Within 15 s of `incoming`, instead of an answer. Repeated like `answer`. */
  reject(call: CallRef, rejection: Rejection, options?: Options): Promise<void>
  /** Within 15 s of `incoming`, instead of an answer: others ring. The bot's leg ends. Repeated like `answer`. */
  redirect(call: CallRef, redirection: Redirection, options?: Options): Promise<void>
  /** 1 to 20 prompts, played in order. Never sent twice after a failure that may hide success. */
  playPrompt(
    call: CallRef,
    play: { prompts: Prompt[]; clientContext: string },
    options?: Options,
  ): Promise<CommsOperation>
  /**
   * Records what the caller says, 2 minutes at most. Waits behind the prompts that play. Its end brings `recordingLocation` and
   * `recordingAccessToken`: download at once. Never sent twice after a failure that may hide success.
   */
  recordResponse(call: CallRef, recording: Recording, options?: Options): Promise<CommsOperation>
  /** Needs Calls.AccessMedia.All. Key presses then come as call notifications with toneInfo. */
  subscribeToTone(call: CallRef, subscription: { clientContext: string }, options?: Options): Promise<CommsOperation>
  /**
   * Ends the prompt that plays and all that wait; each of them reports failed 400/8508. Never sent twice after a failure that may hide
   * success: a repeat would cut off what was begun in between.
   */
  cancelMediaProcessing(call: CallRef, cancel: { clientContext: string }, options?: Options): Promise<CommsOperation>
  /**
   * Presses keys. How it went is told by `completionReason` of the operation's end, since its status is completed in any case. Never
   * sent twice after a failure that may hide success.
   */
  sendDtmfTones(call: CallRef, tones: Tones, options?: Options): Promise<CommsOperation>
  /** The bot itself, on the server. Group calls only. */
  mute(call: CallRef, mute: { clientContext: string }, options?: Options): Promise<CommsOperation>
  unmute(call: CallRef, unmute: { clientContext: string }, options?: Options): Promise<CommsOperation>
  /** Group calls with media hosted by the app only. A roster follows. */
  changeScreenSharingRole(call: CallRef, change: { role: ScreenSharingRole }, options?: Options): Promise<void>
  /**
   * A bot that keeps media must say `recording` before it begins, and must have stopped before it says `notRecording`. Policy-based
   * recording only.
   */
  updateRecordingStatus(call: CallRef, recording: UpdateRecordingStatusBody, options?: Options): Promise<CommsOperation>
  /** Whether a second one does anything is not documented, so it is never sent twice after a failure that may hide success. */
  addLargeGalleryView(call: CallRef, view: { clientContext: string }, options?: Options): Promise<CommsOperation>
  /** Blind or consultative. How it went arrives as notifications. Never sent twice after a failure that may hide success. */
  transfer(call: CallRef, transfer: Transfer, options?: Options): Promise<void>
  get(call: CallRef, options?: Options): Promise<Call>
  /** From the metadata only, no page describes it: an operation that has ended may be gone (404). */
  getOperation(call: CallRef, operationId: string, options?: Options): Promise<CommsOperation>
  /** Ends the bot's leg. A call that is gone already counts as hung up. */
  hangUp(call: CallRef, options?: Options): Promise<void>
  /** At least every 45 minutes, 15 advised. A 404 (`error.gone`) says that the call is over. */
  keepAlive(call: CallRef, options?: Options): Promise<void>
  /**
   * Calls one to five parties, or joins a meeting. Never sent twice after a failure that may hide success, since Graph has no
   * idempotency key: somebody would be called twice.
   */
  create(call: NewCall, options?: Options): Promise<Call & { id: string }>
  /** For conference devices: how good the media of a call was, after it. Sent once, since a repeat would count twice. */
  logTeleconferenceDeviceQuality(
    tenantId: string,
    quality: TeleconferenceDeviceQuality,
    options?: Options,
  ): Promise<void>
}

/** What a bot of prompts and keys needs of CallOperations, so that a test has no more to stand in for. */
export type Calls = Pick<
  CallOperations,
  | 'answer'
  | 'reject'
  | 'playPrompt'
  | 'subscribeToTone'
  | 'cancelMediaProcessing'
  | 'transfer'
  | 'get'
  | 'hangUp'
  | 'keepAlive'
  | 'getOperation'
  | 'create'
> & { close(): Promise<void> }

/** Short enough that an unanswered try can be repeated inside the 15 s that Graph gives for answer, reject and redirect. */
const tryWhileRingingMs = 4_000

/** The operations on calls alone, over a road of their own. `createClient` has them beside those on the other resources. */
export function createCalls(settings: CallsSettings): CallOperations & { close(): Promise<void> } {
  const graph = createGraph(settings)
  return { ...callsOver(graph, settings), close: graph.close }
}

/** The operations on calls, one a function. Graph's road, with its retries, is graph.ts. */
export function callsOver(
  graph: Graph,
  { timeoutMs = tryWhileRingingMs }: Pick<CallsSettings, 'timeoutMs'>,
): CallOperations {
  const whileRinging: How = {
    repeatable: true,
    takenWhenRefusedBy: [400, 409, 412],
    timeoutMs: Math.min(timeoutMs, tryWhileRingingMs),
  }
  /** Rejection and redirection end the bot's leg, so that a repeat can find no call any more. */
  const endsTheLeg: How = { ...whileRinging, takenWhenRefusedBy: [400, 404, 409, 412] }

  /** POST /communications/calls/{id}/{operation} */
  function on(call: CallRef, operation: string, how: How, body?: object, options?: Options): Promise<GraphAnswer> {
    return act(graph, { operation, call, below: `/${operation}`, how, ...(body && { body }) }, options)
  }

  /** The same, for an action whose only parameter is the clientContext and that answers with an operation. */
  async function start(
    call: CallRef,
    operation: string,
    { clientContext }: { clientContext: string },
    { type, how, options }: { type: OperationType; how: How; options: Options | undefined },
  ): Promise<CommsOperation> {
    limitContext(operation, clientContext)
    return operationIn(await on(call, operation, how, { clientContext }, options), type)
  }

  return {
    async answer(call, answer, options) {
      await on(call, 'answer', whileRinging, answerBody(answer), options)
    },

    async reject(call, rejection, options) {
      await on(call, 'reject', endsTheLeg, rejectBody(rejection), options)
    },

    async redirect(call, redirection, options) {
      await on(call, 'redirect', endsTheLeg, redirectBody(redirection), options)
    },

    async playPrompt(call, play, options) {
      const answer = await on(call, 'playPrompt', onceOnly, playPromptBody(play), options)
      return operationIn(answer, '#microsoft.graph.playPromptOperation')
    },

    async recordResponse(call, recording, options) {
      const answer = await on(call, 'recordResponse', onceOnly, recordBody(recording), options)
      return operationIn(answer, '#microsoft.graph.recordOperation')
    },

    subscribeToTone(call, subscription, options) {
      const type = '#microsoft.graph.subscribeToToneOperation'
      return start(call, 'subscribeToTone', subscription, { type, how: repeatable, options })
    },

    cancelMediaProcessing(call, cancel, options) {
      const type = '#microsoft.graph.cancelMediaProcessingOperation'
      return start(call, 'cancelMediaProcessing', cancel, { type, how: onceOnly, options })
    },

    async sendDtmfTones(call, tones, options) {
      const answer = await on(call, 'sendDtmfTones', onceOnly, tonesBody(tones), options)
      return operationIn(answer, '#microsoft.graph.sendDtmfTonesOperation')
    },

    mute(call, mute, options) {
      const type = '#microsoft.graph.muteParticipantOperation'
      return start(call, 'mute', mute, { type, how: repeatable, options })
    },

    unmute(call, unmute, options) {
      const type = '#microsoft.graph.unmuteParticipantOperation'
      return start(call, 'unmute', unmute, { type, how: repeatable, options })
    },

    async changeScreenSharingRole(call, { role }, options) {
      limitTo('changeScreenSharingRole', 'role', role, ['viewer', 'sharer'])
      await on(call, 'changeScreenSharingRole', repeatable, { role }, options)
    },

    async updateRecordingStatus(call, recording, options) {
      const answer = await on(call, 'updateRecordingStatus', repeatable, recordingStatusBody(recording), options)
      return operationIn(answer, '#microsoft.graph.updateRecordingStatusOperation')
    },

    addLargeGalleryView(call, view, options) {
      const type = '#microsoft.graph.addLargeGalleryViewOperation'
      return start(call, 'addLargeGalleryView', view, { type, how: onceOnly, options })
    },

    async transfer(call, transfer, options) {
      await on(call, 'transfer', onceOnly, transferBody(transfer), options)
    },

    async get(call, options) {
      const path = callPath('get', call)
      return getOne(graph, { operation: 'get', path, tenantId: call.tenantId, ...options }, readCall)
    },

    async getOperation(call, operationId, options) {
      const operation = 'getOperation'
      const path = callPath(operation, call, `/operations/${inPath(operation, 'operation', operationId)}`)
      return getOne(graph, { operation, path, tenantId: call.tenantId, ...options }, readOperation)
    },

    async hangUp(call, options) {
      await end(graph, { operation: 'hangUp', path: callPath('hangUp', call), tenantId: call.tenantId, ...options })
    },

    async keepAlive(call, options) {
      await on(call, 'keepAlive', repeatable, undefined, options)
    },

    async create(call, options) {
      const answer = await graph.send({
        operation: 'create',
        method: 'POST',
        path: '/communications/calls',
        tenantId: call.tenantId,
        body: createBody(call),
        ...onceOnly,
        ...options,
      })
      return newCallIn('create', answer)
    },

    async logTeleconferenceDeviceQuality(tenantId, quality, options) {
      await graph.send({
        operation: 'logTeleconferenceDeviceQuality',
        method: 'POST',
        path: '/communications/calls/logTeleconferenceDeviceQuality',
        tenantId,
        body: deviceQualityBody(quality),
        ...onceOnly,
        ...options,
      })
    },
  }
}

/** The Location header addresses the call as well, and a call whose id is lost could not be hung up any more. */
export function newCallIn(operation: string, { body, location, status }: GraphAnswer): Call & { id: string } {
  const read = readCall(body) ?? {}
  const id = read.id ?? /\/calls\/([^/?#]+)/.exec(location ?? '')?.[1]
  if (!id) throw new GraphError({ code: 'unreadableAnswer', operation, status })
  return { ...read, id }
}
