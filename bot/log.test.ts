import { pino } from 'pino'
import { expect, it } from 'vitest'
import { redact } from './log.ts'

function logged(what: Record<string, unknown>): string {
  let line = ''
  pino({ redact }, { write: (text) => (line = text) }).error(what, 'It failed')
  return line
}

it('says what PostgreSQL refused by its code, and not by the row of the caller', () => {
  const error = Object.assign(new Error('null value in column "graph_call_id" violates not-null constraint'), {
    code: '23502',
    // As it comes from a real one for a call that cannot be written.
    detail: 'Failing row contains (032c0104, null, f, live, Anna Berger, +14255550142, live).',
    where: 'JSON data, line 1: ...{"callerName":"Anna Berger","callerId":"+14255550142"',
  })
  expect(logged({ err: error })).toContain('23502')
  expect(logged({ err: error })).not.toMatch(/Anna|4255550142/)
})

it('keeps what people say, type and are called out of a line', () => {
  const call = {
    phone: '+14255550142',
    text: 'My PIN is',
    digits: '47114711',
    displayName: 'Anna Berger',
    token: 'eyJ',
  }
  expect(logged({ call })).not.toMatch(/4255550142|PIN|47114711|Anna|eyJ/)
})
