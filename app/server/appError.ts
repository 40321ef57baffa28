import type { ErrorBody } from '#designer/wire.ts'
import { peoplePermission } from '#ground/people.ts'

const sentences = {
  signInNeeded: {
    status: 401,
    message: 'Nobody is signed in, so nothing is shown.',
    next: 'Build and test on your own machine, with `npm start`; sign-in through Teams is not part of this version.',
  },
  foreignHost: {
    status: 403,
    message: 'In local mode this program answers only on this machine.',
    next: 'Open it by localhost or 127.0.0.1.',
  },
  tokenNeeded: {
    status: 401,
    message: 'This token is not the one of this server.',
    next: 'Send the setting API_TOKEN of the designer in the header Authorization, behind “Bearer ”.',
  },
  payload: {
    status: 400,
    message: 'The payload is not as the flow declares it.',
    next: 'Correct what is listed, or declare it at the block “Incoming call”.',
  },
  badKey: {
    status: 400,
    message: 'An Idempotency-Key has 1 to 255 letters, digits and signs.',
    next: 'Send another key, or none.',
  },
  keyReused: {
    status: 409,
    message: 'This Idempotency-Key stands for another request, which was started within the last day.',
    next: 'Take a new key for a new request.',
  },
  stillBeginning: {
    status: 409,
    message:
      'The first request with this Idempotency-Key has not begun its call, or has failed without telling whether it did.',
    next: 'Send it again in some seconds. If this stays so, look into Calls, and take a new key to call again.',
  },
  crossSite: {
    status: 403,
    message: 'Another site asked for this, so it was not done.',
    next: 'Do it from the app itself.',
  },
  badRequest: { status: 400, message: 'This was not understood.', next: 'Load the page again, and try once more.' },
  tooLarge: { status: 413, message: 'This is more than 2 MB.', next: 'Make it smaller.' },
  fileTooLarge: {
    status: 413,
    message: 'This file is more than 8 MB.',
    next: 'Leave the rows of its tables out, and bring them by CSV.',
  },
  tooSlow: {
    status: 408,
    message: 'This came too slowly, so it was not waited for.',
    next: 'Try again on a better line.',
  },
  cutOff: { status: 400, message: 'This was cut off on its way.', next: 'Try again.' },
  notFound: { status: 404, message: 'There is nothing at this address.', next: 'Go back to the list.' },
  removed: { status: 410, message: 'This flow was deleted.', next: 'Restore it, within 30 days of its deletion.' },
  problems: {
    status: 422,
    message: 'The flow has errors, so it was not published.',
    next: 'Mend what is listed, and publish again.',
  },
  publishing: {
    status: 409,
    message: 'Another state of this flow is being published at this moment.',
    next: 'Wait until callers hear it, then try again.',
  },
  localOnly: {
    status: 403,
    message: 'Test calls work only with the test service on this machine.',
    next: 'Call the published flow in Teams instead.',
  },
  emulatorAway: {
    status: 503,
    message: 'The test service does not answer.',
    next: 'Start everything again with `npm start`, and call again.',
  },
  peopleNotGranted: {
    status: 403,
    message: `Nobody can be found by name: the bot may not read who is there.`,
    next: `Ask an administrator to grant it ${peoplePermission}, or use an object id.`,
  },
  peopleAway: {
    status: 503,
    message: 'People cannot be found at the moment: the bot or Microsoft does not answer.',
    next: 'Try again in a while, or use an object id.',
  },
  tooManyWindows: {
    status: 429,
    message: 'Too many of your windows are open, so this one is not kept up to date.',
    next: 'Close some of them.',
  },
  tooManyWatch: {
    status: 503,
    message: 'Too many people are watching calls, so this page is not kept up to date.',
    next: 'Load the page again in a while.',
  },
  callRefused: { status: 409, message: 'The test service refused this.', next: 'Call again.' },
} as const

type AppErrorCode = keyof typeof sentences

/** What only the web API itself can find wrong. `detail` is for code that shows or mends it. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: AppErrorCode
  readonly status: number
  readonly next: string
  readonly detail: unknown

  constructor(code: AppErrorCode, detail?: unknown, options?: ErrorOptions) {
    super(sentences[code].message, options)
    this.code = code
    this.status = sentences[code].status
    this.next = sentences[code].next
    this.detail = detail
  }
}

/** An error in the one form of all routes. */
export const errorAnswer = (status: number, { code, message, next, detail }: ErrorBody['error']): Response =>
  Response.json(
    { error: { code, message, ...(next && { next }), ...(detail !== undefined && { detail }) } },
    { status, headers: { 'cache-control': 'no-store' } },
  )
