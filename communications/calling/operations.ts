import type { RecordingRef } from '../requests/recordings.ts'
import { type CallResultKey, explainResult, type OperationResultKey } from '../wire/results.ts'
import type { CommsOperation, ResultInfo } from '../wire/types.ts'

/**
 * Something that was asked of a call did not come about, though no request was refused (that is a GraphError).
 *
 * `code` is a key of results.ts where Graph's result is documented (`cancelled`, `nothingSaid`, …) and `failed` where it is not, or
 * one of ours: `callEnded` (the call was over first), `noWord` (Graph never said how it went, and could not tell when asked),
 * `transferFailed`, `timeout` (`until` waited in vain), `aborted` (the asker's own signal), `noRecording` (recorded, but Graph did not say
 * where it is), `closed` (this process stopped following the call).
 */
export class OperationError extends Error {
  override readonly name = 'OperationError'
  readonly code: OperationErrorCode
  /** The name of the operation, such as `playPrompt`. */
  readonly operation: string
  /** Graph's own word on it, null where there is none. */
  readonly resultInfo: ResultInfo | null

  constructor(code: OperationErrorCode, operation: string, resultInfo: ResultInfo | null = null, cause?: unknown) {
    const said = resultInfo ? ` Graph said ${resultInfo.code}/${resultInfo.subcode}.` : ''
    // Graph's message can hold phone numbers, so the sentence never holds it.
    super(`${operation} did not come about (${code}).${said} ${nextStep[code] ?? usualNextStep}`, { cause })
    this.code = code
    this.operation = operation
    this.resultInfo = resultInfo
  }

  get subcode(): number | null {
    return this.resultInfo?.subcode ?? null
  }
}

export type OperationErrorCode =
  | OperationResultKey
  | CallResultKey
  | 'failed'
  | 'callEnded'
  | 'noWord'
  | 'timeout'
  | 'aborted'
  | 'noRecording'
  | 'closed'

const usualNextStep = 'See result-codes of the operation; the call goes on.'
const nextStep: Partial<Record<OperationErrorCode, string>> = {
  callEnded: 'The call is over: forget it.',
  noWord: 'The call goes on; it may have been carried out all the same.',
  transferFailed: 'The call is back with the bot: go on with it.',
  cancelled: 'Nothing is wrong if the caller talked over it.',
  timeout: 'Wait longer, or go on without it.',
  aborted:
    'Nothing is wrong: it was the signal that was given. What was asked of Graph may be carried out all the same.',
  noRecording: 'Record again.',
  closed: 'The call may go on: resume it by its id.',
}

/** The call was over, or is followed no more: no fault of who asked, the other side was quicker. */
export function isOnlyTheEnd(error: unknown): boolean {
  return error instanceof OperationError && (error.code === 'callEnded' || error.code === 'closed')
}

/** What is wrong with how an operation ended, null when nothing is. Pure. */
export function failureOf(operation: string, ended: CommsOperation): OperationError | null {
  const result = ended.resultInfo ?? null
  if (ended.status === 'failed') {
    const key = result && keyOf(result)
    return new OperationError(key && key !== 'done' ? key : 'failed', operation, result)
  }
  // sendDtmfTones reports completed even when it failed (its page): only the reason tells.
  const reason = operation === 'sendDtmfTones' ? ended.completionReason : undefined
  if (reason === undefined || reason === null || reason === 'completedSuccessfully') return null
  return new OperationError(reason === 'mediaOperationCanceled' ? 'cancelled' : 'failed', operation, result)
}

/** The reader writes code 0 where Graph left it out: then a subcode that is known for a failure tells. */
const codesOfFailures = [400, 500] as const
function keyOf({ code, subcode }: ResultInfo): OperationResultKey | null {
  const codes = code === 0 ? codesOfFailures : [code]
  for (const one of codes) {
    const known = explainResult(one, subcode, 'operation')
    if (known) return known.key
  }
  return null
}

/** `deleted` is the end, whatever the status; where there is none, the result tells, and without one it is taken for completed. */
export function withStatus(operation: CommsOperation): CommsOperation {
  if (isOver(operation)) return operation
  const { resultInfo } = operation
  const failed = resultInfo && (resultInfo.code === 0 ? keyOf(resultInfo) !== null : resultInfo.code >= 400)
  return { ...operation, status: failed ? 'failed' : 'completed' }
}

/** The end of a recording, which must say where it lies and by which token it is fetched. Throws OperationError `noRecording`. */
export function withRecording(ended: CommsOperation): CommsOperation & RecordingRef {
  const { recordingLocation, recordingAccessToken } = ended
  if (!recordingLocation || !recordingAccessToken) {
    throw new OperationError('noRecording', 'recordResponse', ended.resultInfo ?? null)
  }
  return { ...ended, recordingLocation, recordingAccessToken }
}

/** `completed` and `failed` are final, also in a response. Null or absent counts as running (playPrompt page). */
export function isOver({ status }: CommsOperation): boolean {
  return status === 'completed' || status === 'failed'
}
