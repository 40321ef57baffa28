export type FlowErrorCode =
  | 'flowNotReadable'
  | 'flowTooNew'
  | 'flowTooLarge'
  | 'unknownBlock'
  | 'unknownExit'
  | 'nameTaken'
  | 'expressionRefused'
  | 'expressionFailed'
  | 'tooMuch'

/** Something is wrong with a flow or with a change to it. `code` is for code, `detail` names the place. */
export class FlowError extends Error {
  override readonly name = 'FlowError'
  readonly code: FlowErrorCode
  readonly detail: string

  constructor(code: FlowErrorCode, detail: string) {
    super(`${code}: ${detail}`)
    this.code = code
    this.detail = detail
  }
}
