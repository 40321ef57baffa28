import { GraphError } from '../road/error.ts'
import { createGraph, type Graph, type GraphAnswer, type GraphSettings } from '../road/graph.ts'
import { readCall, readOperation } from '../wire/read.ts'
import type { Call } from '../wire/types.ts'
import { answered, ended, type How, nothing, onceOnly, one, operation, repeatable } from './ask.ts'
import {
  answerBody,
  contextBody,
  createBody,
  deviceQualityBody,
  type NewCall,
  playPromptBody,
  recordBody,
  recordingStatusBody,
  redirectBody,
  rejectBody,
  roleBody,
  tonesBody,
  transferBody,
} from './callBodies.ts'
import { at, body, type Methods, methodsOf, ofTenant, onCall } from './operation.ts'

export type { CallRef, Options } from './ask.ts'
export type { NewCall, Prompt, Recording, Redirection, Tones, Transfer } from './callBodies.ts'
export type { Party, Source } from './parties.ts'

export type CallsSettings = GraphSettings

/** Every method throws GraphError; requests that break a documented limit are refused before sending, with code `badRequest`. */
export type CallOperations = Methods<typeof callOperations>

/** What a bot of prompts and keys needs of CallOperations, so that a test has no more to stand in for. */
export type Calls = Pick<
  CallOperations,
  | 'answer'
  | 'reject'
  | 'redirect'
  | 'playPrompt'
  | 'recordResponse'
  | 'sendDtmfTones'
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
export const tryWhileRingingMs = 4_000

const newCall = at<NewCall>((call) => ({
  path: '/communications/calls',
  tenantId: call.tenantId,
  body: createBody(call),
}))

const whileRinging: How = {
  repeatable: true,
  takenWhenRefusedBy: [400, 409, 412],
  timeoutMs: tryWhileRingingMs,
}
/** Rejection and redirection end the bot's leg, so that a repeat can find no call any more. */
const endsTheLeg: How = { ...whileRinging, takenWhenRefusedBy: [400, 404, 409, 412] }

/** The operations on calls. */
export const callOperations = {
  /** Within 15 s of `incoming`. Sent again when unanswered: a repeat of an answer that was taken is refused, which counts as done. */
  answer: onCall('POST', '/answer', whileRinging, nothing, body(answerBody)),
  /** Within 15 s of `incoming`, instead of an answer. Repeated like `answer`. */
  reject: onCall('POST', '/reject', endsTheLeg, nothing, body(rejectBody)),
  /** Within 15 s of `incoming`, instead of an answer: others ring. The bot's leg ends. Repeated like `answer`. */
  redirect: onCall('POST', '/redirect', endsTheLeg, nothing, body(redirectBody)),
  /** 1 to 20 prompts, played in order. Never sent twice after a failure that may hide success. */
  playPrompt: onCall('POST', '/playPrompt', onceOnly, operation('playPrompt'), body(playPromptBody)),
  /**
   * Records what the caller says, 2 minutes at most. Waits behind the prompts that play. Its end brings `recordingLocation` and
   * `recordingAccessToken`: download at once. Never sent twice after a failure that may hide success.
   */
  recordResponse: onCall('POST', '/recordResponse', onceOnly, operation('record'), body(recordBody)),
  /** Needs Calls.AccessMedia.All. Key presses then come as call notifications with toneInfo. */
  subscribeToTone: onCall('POST', '/subscribeToTone', repeatable, operation('subscribeToTone'), body(contextBody)),
  /**
   * Ends the prompt that plays and all that wait; each of them reports failed 400/8508. Never sent twice after a failure that may hide
   * success: a repeat would cut off what was begun in between.
   */
  cancelMediaProcessing: onCall(
    'POST',
    '/cancelMediaProcessing',
    onceOnly,
    operation('cancelMediaProcessing'),
    body(contextBody),
  ),
  /**
   * Presses keys. How it went is told by `completionReason` of the operation's end, since its status is completed in any case. Never
   * sent twice after a failure that may hide success.
   */
  sendDtmfTones: onCall('POST', '/sendDtmfTones', onceOnly, operation('sendDtmfTones'), body(tonesBody)),
  /** The bot itself, on the server. Group calls only. */
  mute: onCall('POST', '/mute', repeatable, operation('muteParticipant'), body(contextBody)),
  unmute: onCall('POST', '/unmute', repeatable, operation('unmuteParticipant'), body(contextBody)),
  /** Group calls with media hosted by the app only. A roster follows. */
  changeScreenSharingRole: onCall('POST', '/changeScreenSharingRole', repeatable, nothing, body(roleBody)),
  /**
   * A bot that keeps media must say `recording` before it begins, and must have stopped before it says `notRecording`. Policy-based
   * recording only.
   */
  updateRecordingStatus: onCall(
    'POST',
    '/updateRecordingStatus',
    repeatable,
    operation('updateRecordingStatus'),
    body(recordingStatusBody),
  ),
  /** Whether a second one does anything is not documented, so it is never sent twice after a failure that may hide success. */
  addLargeGalleryView: onCall(
    'POST',
    '/addLargeGalleryView',
    onceOnly,
    operation('addLargeGalleryView'),
    body(contextBody),
  ),
  /** Blind or consultative. How it went arrives as notifications. Never sent twice after a failure that may hide success. */
  transfer: onCall('POST', '/transfer', onceOnly, nothing, body(transferBody)),
  get: onCall('GET', '', repeatable, one(readCall)),
  /** From the metadata only, no page describes it: an operation that has ended may be gone (404). */
  getOperation: onCall('GET', '/operations/{operation}', repeatable, one(readOperation)),
  /** Ends the bot's leg. A call that is gone already counts as hung up. */
  hangUp: onCall('DELETE', '', repeatable, ended),
  /** At least every 45 minutes, 15 advised. A 404 by which Graph says that the call is over is `error.gone`. */
  keepAlive: onCall('POST', '/keepAlive', repeatable, nothing),
  /**
   * Calls one to five parties, or joins a meeting. Never sent twice after a failure that may hide success, since Graph has no
   * idempotency key: somebody would be called twice.
   */
  create: newCall('POST', '', onceOnly, answered(newCallIn)),
  /** For conference devices: how good the media of a call was, after it. Sent once, since a repeat would count twice. */
  logTeleconferenceDeviceQuality: ofTenant(
    'POST',
    '/communications/calls/logTeleconferenceDeviceQuality',
    onceOnly,
    nothing,
    body(deviceQualityBody),
  ),
}

/** The operations on calls alone, over a road of their own. `createClient` has them beside those on the other resources. */
export function createCalls(settings: CallsSettings): CallOperations & Pick<Graph, 'longestWaitMs' | 'close'> {
  const graph = createGraph(settings)
  const { longestWaitMs, close } = graph
  return { ...methodsOf(graph, '', callOperations), longestWaitMs, close }
}

/** The Location header addresses the call as well, and a call whose id is lost could not be hung up any more. */
export function newCallIn({ body, location, status }: GraphAnswer, operation: string): Call & { id: string } {
  const read = readCall(body) ?? {}
  const id = read.id ?? /\/calls\/([^/?#]+)/.exec(location ?? '')?.[1]
  if (!id) throw new GraphError({ code: 'unreadableAnswer', operation, status })
  return { ...read, id }
}
