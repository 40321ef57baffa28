import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { errorFromAnswer, GraphError } from './error.ts'
import { retryAfterMs } from './http.ts'
import { hurriedRetryForMs, usualRetryForMs, waitBeforeRetry } from './retry.ts'

const failed = (details: { code?: string; status?: number; retryAfterMs?: number }) =>
  new GraphError({ code: 'x', operation: 'playPrompt', ...details })
const rules = { repeatable: false, retryForMs: 8_000 }

describe('Retry-After', () => {
  const now = Date.parse('2026-11-20T10:00:00Z')
  it.each<[string | undefined, number | null]>([
    ['10', 10_000],
    ['2.128', 2_128],
    ['0', 0],
    ['Fri, 20 Nov 2026 10:00:07 GMT', 7_000],
    ['Fri, 20 Nov 2026 09:59:00 GMT', 0],
    ['-1', null],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('%s is %s ms', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms)
  })
})

describe('a request that must not be sent twice', () => {
  it.each<[string, { code?: string; status?: number; retryAfterMs?: number }, boolean]>([
    ['is repeated after 429', { status: 429 }, true],
    ['is repeated after 503 that says when', { status: 503, retryAfterMs: 100 }, true],
    ['is not repeated after 503 that says nothing', { status: 503 }, false],
    ['is not repeated after 500', { status: 500 }, false],
    ['is not repeated after 504, whatever it says', { status: 504, retryAfterMs: 100 }, false],
    ['is not repeated after a timeout', { code: 'timeout' }, false],
    ['is not repeated after a reset', { code: 'unreachable' }, false],
    ['is not repeated after a refusal', { status: 400 }, false],
  ])('%s', (_fact, details, again) => {
    const wait = waitBeforeRetry(
      { number: 1, elapsedMs: 0, error: failed(details), neverSent: false, renewed: false },
      rules,
    )
    expect(wait !== null).toBe(again)
  })

  it('is repeated when it is certain that nothing was sent', () => {
    const error = failed({ code: 'unreachable' })
    expect(waitBeforeRetry({ number: 1, elapsedMs: 0, error, neverSent: true, renewed: false }, rules)).toBeGreaterThan(
      0,
    )
  })
})

it.each([1, 2, 3])('a token that is refused at try %i is replaced at once, and only once', (number) => {
  const one = { number, elapsedMs: 0, error: failed({ status: 401 }), neverSent: false }
  expect(waitBeforeRetry({ ...one, renewed: false }, rules)).toBe(0)
  expect(waitBeforeRetry({ ...one, renewed: true }, rules)).toBeNull()
})

describe('a throttled request', () => {
  const wait = (status: number, seconds: number, retryForMs: number) =>
    waitBeforeRetry(
      // The first try has taken a while, and the spread is as long as it gets.
      {
        number: 1,
        elapsedMs: 1_500,
        error: failed({ status, retryAfterMs: seconds * 1000 }),
        neverSent: false,
        renewed: false,
      },
      { repeatable: false, retryForMs },
      () => 0.999,
    )

  it.each([429, 503])('survives every wait of 1 to 10 s after %s', (status) => {
    for (let seconds = 1; seconds <= 10; seconds += 1) {
      expect(wait(status, seconds, usualRetryForMs)).toBeGreaterThanOrEqual(seconds * 1000)
    }
  })

  it('waits for 10 s while the caller rings for 15, and not for 13', () => {
    expect(wait(429, 13, hurriedRetryForMs)).toBeNull()
    expect(wait(429, 10, hurriedRetryForMs)).toBeGreaterThanOrEqual(10_000)
  })
})

it('waits grow from half a second to four, are never shorter than asked nor beyond the time allowed, and end with it alone', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 0, max: 20_000 }),
      fc.option(fc.integer({ min: 0, max: 20_000 })),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (number, elapsedMs, asked, random) => {
        const error = failed({ status: 429, ...(asked !== null && { retryAfterMs: asked }) })
        const wait = waitBeforeRetry(
          { number, elapsedMs, error, neverSent: false, renewed: false },
          rules,
          () => random,
        )
        const least =
          asked === null
            ? Math.min(500 * 2 ** (number - 1), 4_000) * 0.75
            : Math.max(asked, Math.min(125 * 2 ** (number - 1), 1_000))
        if (elapsedMs + least > 8_000) expect(wait).toBeNull()
        // As many tries as the time allows, and no fewer.
        if (elapsedMs + least * 1.7 + 100 <= 8_000) expect(wait).not.toBeNull()
        if (wait !== null) {
          expect(wait).toBeGreaterThanOrEqual(least)
          expect(elapsedMs + wait).toBeLessThanOrEqual(8_000)
        }
      },
    ),
  )
})

describe("Graph's error body", () => {
  const answer = (body: unknown, status = 403, headers = {}) =>
    errorFromAnswer('playPrompt', { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) })

  it('with a number as its code', () => {
    const innerError = { 'request-id': 'r1' }
    expect(
      answer({ error: { code: '7505', message: 'Request authorization tenant mismatch.', innerError } }),
    ).toMatchObject({
      code: '7505',
      subcode: 7505,
      status: 403,
      requestId: 'r1',
    })
  })

  it('with the code wrapped as JSON in its message', () => {
    const message =
      '{"errorCode":"7503","message":"Application is not registered in our store.","instanceAnnotations":[]}'
    expect(answer({ error: { code: 'UnknownError', message } })).toMatchObject({ code: '7503', subcode: 7503 })
  })

  it.each([
    ['with only a message', { error: { message: 'text of an inner service' } }],
    ['with an error that is text', { error: 'no' }],
    ['that is a page of a proxy', '<html>Bad gateway</html>'],
    ['that is empty', ''],
  ])('%s', (_what, body) => {
    expect(answer(body, 502, { 'request-id': 'r2' })).toMatchObject({
      code: 'unknownError',
      subcode: null,
      status: 502,
      requestId: 'r2',
      worthRetrying: true,
    })
  })

  it('is never quoted, since it can hold a phone number, but the sentence says what to do', () => {
    const error = answer({ error: { code: '7504', message: 'addParticipants failed for participant 4:+12345678901' } })
    expect(error.message).not.toContain('12345678901')
    expect(error.message).toBe(
      'playPrompt failed. The answer was 403 7504. An administrator of the tenant has to consent to the calling permissions.',
    )
  })

  it("has Graph's own sentence for whoever asks, and nothing prints it", () => {
    const message = 'addParticipants failed for participant 4:+12345678901'
    const error = answer({ error: { code: '7504', message } })
    expect(error.graphMessage).toBe(message)
    const printed = [String(error), error.stack, JSON.stringify(error), JSON.stringify({ ...error })]
    printed.push(inspect(error, { depth: 10, showHidden: true }), inspect(error, { getters: true }))
    expect(printed.join()).not.toContain('12345678901')
    expect(Object.keys(error)).not.toContain('graphMessage')
    expect(answer({ error: { message: 'x'.repeat(100_000) } }).graphMessage).toHaveLength(2_000)
    expect(answer('<html>').graphMessage).toBeNull()
  })

  it.each([
    '+12345678901',
    '12345678901',
    '1-234-567-8901',
    'a b',
    'x'.repeat(65),
    'addParticipants failed for 4:+1234',
  ])('has no code where that is "%s"', (code) => {
    const error = answer({ error: { code, message: '' } })
    expect(error).toMatchObject({ code: 'unknownError', subcode: null })
    expect(error.message).not.toContain(code)
  })

  it.each(['7504', 'Request_ResourceNotFound', 'General.Exception', 'invalid-request'])('has the code %s', (code) => {
    expect(answer({ error: { code, message: '' } }).code).toBe(code)
  })

  it.each(['constructor', '__proto__', 'toString'])('has a plain sentence for the code %s too', (code) => {
    expect(new GraphError({ code, operation: 'get' }).message).toBe(
      `get failed. No answer (${code}). See the reference page of the operation.`,
    )
    expect(answer({ error: { code, message: '' } }, 400).message).toBe(
      `playPrompt failed. The answer was 400 ${code}. See the reference page of the operation.`,
    )
  })

  it('404 says that the call is gone', () => {
    expect(answer({ error: { code: 'NotFound', message: '' } }, 404)).toMatchObject({
      gone: true,
      worthRetrying: false,
    })
  })
})
