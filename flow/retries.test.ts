import { expect, it } from 'vitest'
import { failedTry, noTries, type RetryKind, type RetryLimits } from './retries.ts'

/** What happens to a caller who fails like this, one letter a try: s(ilence), w(rong). */
function fail(tries: string, limits: RetryLimits): string[] {
  let counted = noTries
  return [...tries].map((letter) => {
    const kind: RetryKind = letter === 's' ? 'noInput' : 'wrongInput'
    const verdict = failedTry(counted, kind, limits)
    if ('exit' in verdict) return verdict.exit
    counted = verdict.again
    return 'again'
  })
}

it('leaves at the first failure when there are no retries', () => {
  expect(fail('s', { noInput: 0, wrongInput: 2, total: null })).toEqual(['own'])
  expect(fail('w', { noInput: 2, wrongInput: 0, total: null })).toEqual(['own'])
})

it('asks again as often as is set, then leaves by the exit of that kind', () => {
  expect(fail('sss', { noInput: 2, wrongInput: 0, total: null })).toEqual(['again', 'again', 'own'])
})

it('counts silence and wrong input apart', () => {
  expect(fail('swsws', { noInput: 2, wrongInput: 2, total: null })).toEqual(['again', 'again', 'again', 'again', 'own'])
})

it('counts both together when a total is set', () => {
  expect(fail('sws', { noInput: 9, wrongInput: 9, total: 2 })).toEqual(['again', 'again', 'maxRetries'])
})

it('lets the own limit go before the total when both are used up at once', () => {
  expect(fail('sss', { noInput: 2, wrongInput: 9, total: 2 })).toEqual(['again', 'again', 'own'])
})

it('leaves by the total at once when it is 0', () => {
  expect(fail('s', { noInput: 1, wrongInput: 1, total: 0 })).toEqual(['maxRetries'])
})

it('leaves the counters that it was given as they are', () => {
  const tries = Object.freeze({ noInput: 1, wrongInput: 0 })
  expect(failedTry(tries, 'noInput', { noInput: 5, wrongInput: 5, total: null })).toEqual({
    again: { noInput: 2, wrongInput: 0 },
  })
})
