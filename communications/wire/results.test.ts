import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { contract, contractIsHere } from '../testing/contract.ts'
import { describeResult, explainResult, type ResultOf } from './results.ts'
import { resultWords } from './resultWords.ts'

const Rows = z.array(
  z.object({
    code: z.number().nullable(),
    subcode: z.number().nullable(),
    meaning: z.string(),
    where: z.string(),
    evidence: z.string(),
  }),
)
const parts = { callEnd: Rows, transfer: Rows, media: Rows, requestErrors: Rows, incoming: Rows, invite: Rows }
const rows: Record<keyof typeof parts, z.infer<typeof Rows>> = contractIsHere
  ? z.object(parts).parse(contract('result-codes.json'))
  : { callEnd: [], transfer: [], media: [], requestErrors: [], incoming: [], invite: [] }

const of: Record<keyof typeof parts, ResultOf> = {
  callEnd: 'call',
  transfer: 'transfer',
  media: 'operation',
  requestErrors: 'request',
  incoming: 'incoming',
  invite: 'invite',
}
const all = Object.entries(rows).flatMap(
  ([part, list]) => list.map((row) => ({ ...row, part, of: of[part as keyof typeof parts] })), // the keys of `rows` are those of `parts`
)

describe.skipIf(!contractIsHere)('every result of the contract is explained', () => {
  it.each(all)('$part $code/$subcode, $meaning', (row) => {
    const { evidence, meaning } = row
    const described = describeResult({ ...row, message: meaning }, row.of)
    expect(described.key).not.toBeNull()
    expect(described.evidence).toBe(/inferred/.test(evidence) ? 'inferred' : evidence.split(';')[0])
    expect(described.words).toMatch(/^[A-Z].*\.$/)
    // What went wrong has a remedy; what went well has none, or advice.
    if (row.code === null || row.code >= 400) {
      if (described.key !== 'cancelled') expect(described.remedy).toMatch(/^[A-Z].*\.$/)
    }
  })

  it.each([...rows.callEnd, ...rows.transfer])('and has a key for code: $code/$subcode', ({ code, subcode }) => {
    expect(explainResult(code ?? -1, subcode ?? -1)).not.toBeNull()
  })

  it.each(rows.media)('and has a key for code, of an operation: $code/$subcode', ({ code, subcode }) => {
    expect(explainResult(code ?? -1, subcode ?? -1, 'operation')).not.toBeNull()
  })

  it.each(rows.requestErrors.filter(({ where }) => where.includes('call end')))(
    'when it ends a call as well: $code/$subcode',
    (row) => {
      expect(describeResult(row, 'call')).toEqual(describeResult(row, 'request'))
    },
  )

  it('and no words are kept that no result leads to', () => {
    const used = new Set(all.map((row) => describeResult({ ...row, message: row.meaning }, row.of).key))
    expect(Object.keys(resultWords).filter((key) => ![...used].includes(key as keyof typeof resultWords))).toEqual([]) // keys of it
  })
})

it('the same numbers mean another thing for a call than for an operation', () => {
  expect(explainResult(200, 0)).toEqual({ key: 'ended' })
  expect(explainResult(200, 0, 'operation')).toEqual({ key: 'done' })
})

it('7000 is our own hang-up with 200, and a failed transfer with 500', () => {
  expect(explainResult(200, 7000)).toEqual({ key: 'endedByBot' })
  expect(explainResult(500, 7000)).toEqual({ key: 'transferFailed' })
})

it('what no page explains is not guessed', () => {
  expect(explainResult(499, 12345)).toBeNull()
  expect(explainResult(400, 8508)).toBeNull()
})

describe('in words', () => {
  it('an ended call says what happened and what helps', () => {
    expect(describeResult({ code: 408, subcode: 8537, message: null }, 'call')).toEqual({
      key: 'keepAliveMissed',
      words: 'Graph ended the call, since nothing was heard from the bot for 45 minutes.',
      remedy: 'Send keepAlive every 15 minutes for as long as the call lives.',
      evidence: 'documented',
      diagCode: null,
    })
  })

  it.each([
    [{ code: 499, subcode: 12345 }, 'Graph said 499/12345, which no public page explains.'],
    [{ code: 503, subcode: null }, 'Graph said 503, which no public page explains.'],
    [{}, 'Graph gave no reason.'],
  ])('%j is shown raw', (result, words) => {
    expect(describeResult(result, 'call')).toEqual({ key: null, words, remedy: null, evidence: null, diagCode: null })
  })

  it.each([
    ['Server Internal Error. DiagCode: 3003#7106.@', '3003#7106'],
    ['DiagCode: 412#10073', '412#10073'],
    ['DiagCode: none', null],
    ['', null],
  ])('the DiagCode of "%s" is %s', (message, diagCode) => {
    expect(describeResult({ code: 500, subcode: 7106, message }, 'call').diagCode).toBe(diagCode)
  })

  it('a missing subcode is read from the message, but one that is there decides', () => {
    const message = 'Server Internal Error. DiagCode: 500#3002.@'
    expect(describeResult({ code: 500, message }, 'call').key).toBe('serverError')
    expect(describeResult({ code: 499, subcode: 12345, message }, 'call').key).toBeNull()
  })

  it("Graph's message is never repeated, since it can hold a phone number", () => {
    const described = describeResult({ code: 1, subcode: 2, message: 'failed for 4:+12345678901' }, 'invite')
    expect(JSON.stringify(described)).not.toContain('12345678901')
  })
})
