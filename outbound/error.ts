/**
 * Why there is no answer. `blocked`: nobody may be asked there, and nothing was sent; `network`: no connection, or it broke;
 * `tooLarge`: more than 1 MB; `badBody`: it cannot be unpacked; `aborted`: nobody waits for it any more.
 */
export type OutboundErrorCode = 'blocked' | 'timeout' | 'network' | 'tooLarge' | 'badBody' | 'aborted'

/** `reason` is a word of ours or of the network (`ECONNREFUSED`), never a part of the address. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError'
  readonly code: OutboundErrorCode
  readonly reason: string

  constructor(code: OutboundErrorCode, reason: string, options?: ErrorOptions) {
    super(`There is no answer: ${code} (${reason}).`, options)
    this.code = code
    this.reason = reason
  }
}
