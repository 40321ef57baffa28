import { describe, expect, it } from 'vitest'
import type { CommsOperation } from '../wire/types.ts'
import { emptyLedger, endOperation } from './ledger.ts'
import { failureOf, OperationError, withRecording, withStatus } from './operations.ts'

describe('the end of an operation without a status', () => {
  it.each([
    ['nothing else', undefined, 'completed'],
    ['code 200', { code: 200, subcode: 0 }, 'completed'],
    ['code 400', { code: 400, subcode: 1 }, 'failed'],
    ['only the subcode of a failure', { code: 0, subcode: 8508 }, 'failed'],
    ['only a subcode that nobody knows', { code: 0, subcode: 1 }, 'completed'],
  ])('with %s', (_what, resultInfo, status) => {
    expect(withStatus(resultInfo ? { resultInfo } : {}).status).toBe(status)
  })

  it('keeps the status that is there', () => {
    expect(withStatus({ status: 'completed', resultInfo: { code: 400, subcode: 8508 } }).status).toBe('completed')
  })
})

it('a failure of which Graph gave only the subcode has its documented key', () => {
  expect(failureOf('playPrompt', { status: 'failed', resultInfo: { code: 0, subcode: 8508 } })?.code).toBe('cancelled')
  expect(failureOf('playPrompt', { status: 'failed', resultInfo: { code: 0, subcode: 1 } })?.code).toBe('failed')
})

it('a recording has an address and a token, or is none', () => {
  const where = { recordingLocation: 'https://file.example/1', recordingAccessToken: 't' }
  expect(withRecording({ status: 'completed', ...where })).toMatchObject(where)
  for (const less of [{}, { ...where, recordingAccessToken: null }, { ...where, recordingLocation: '' }]) {
    expect(() => withRecording({ status: 'completed', ...less })).toThrow(OperationError)
  }
})

it('the repeats of the last hundred ends are known for what they are, by id or context alone', () => {
  let ledger = emptyLedger
  const isNew = (operation: CommsOperation, id: string | null) => {
    const end = endOperation(ledger, operation, id)
    ledger = end.ledger
    return end.isNew
  }
  const names = Array.from({ length: 100 }, (_, n) => ({ id: `id ${n}`, clientContext: `context ${n}` }))
  for (const { id, clientContext } of names) expect(isNew({ id, clientContext, status: 'completed' }, id)).toBe(true)
  for (const { id, clientContext } of names) {
    expect(isNew({ id, status: 'completed' }, id)).toBe(false)
    expect(isNew({ clientContext, status: 'completed' }, null)).toBe(false)
  }
})
