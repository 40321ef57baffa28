import type { IncomingMessage, ServerResponse } from 'node:http'

/** What the addresses of the bot have in common: how they refuse, and how they take a proof. */

/** Largest body of what is no notification, in bytes: a message of a chat has 28 kB at most. */
export const mostBytes = 256 * 1024

/** Every refusal of the bot, by its stable code. */
const refusals = {
  badRequest: [400, 'The request could not be read.'],
  badAddress: [400, 'The address is not a valid one.'],
  notJson: [400, 'The body is not JSON.'],
  emptyBody: [400, 'The body is empty.'],
  notANotification: [400, 'The body is not a Graph calls notification. Sending it again will not help.'],
  notProven: [401, 'This address takes requests of Microsoft Teams only.'],
  notFound: [404, 'There is nothing at this address.'],
  tooSlow: [408, 'The request took too long to arrive.'],
  tooLarge: [413, 'The body is larger than this address takes.'],
  addressTooLong: [414, 'The address is too long.'],
  wrongType: [415, 'The body must be sent as application/json.'],
  headersTooLarge: [431, 'The headers are too large.'],
  internal: [500, 'Something went wrong here. It has been logged.'],
  busy: [503, 'There is too much to do at the moment. Send it again in a while.'],
  closing: [503, 'The bot is being stopped. Send it again in a while.'],
  noKeys: [503, 'The signing keys of Microsoft could not be loaded yet. Send it again in a while.'],
} as const satisfies Record<string, readonly [status: number, message: string]>

/** With every 503: what is wrong may be over by then, and a bot that is stopped is started again in about so long. */
export const retryAfterSeconds = '5'

export type RefusalCode = keyof typeof refusals

/** A request that is not taken. */
export class Refused extends Error {
  override readonly name = 'Refused'

  readonly code: RefusalCode

  constructor(code: RefusalCode) {
    super(refusals[code][1])
    this.code = code
  }
}

/** The status and the body of a refusal, in the form of all errors of this product. */
export function refusalOf(code: RefusalCode) {
  const [status, message] = refusals[code]
  return { status, body: { error: { code, message } } }
}

/** One body for every refusal: whoever tries tokens learns nothing from it. */
export const refusal = refusalOf('notProven').body

/** Of what is still to come nothing is read after these: the connection ends. */
const lastWords: readonly RefusalCode[] = ['tooLarge', 'tooSlow', 'busy', 'closing']

/** Refuses without a framework. */
export function refuse(response: ServerResponse, code: RefusalCode): void {
  const { status, body } = refusalOf(code)
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    ...(status === 503 && { 'retry-after': retryAfterSeconds }),
    ...(lastWords.includes(code) && { connection: 'close' }),
  })
  response.end(text)
}

/** All values of the header: Node would hide a second one. */
export function authorizationOf({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): string[] {
  const values: string[] = []
  // Names and values take turns.
  for (let n = 0; n + 1 < rawHeaders.length; n += 2) {
    const [name = '', value = ''] = [rawHeaders[n], rawHeaders[n + 1]]
    if (name.length === 13 && name.toLowerCase() === 'authorization') values.push(value)
  }
  return values
}
