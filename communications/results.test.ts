import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { explainResult } from './results.ts'
import { contract, contractIsHere } from './testing/contract.ts'

const Rows = z.array(z.object({ code: z.number(), subcode: z.number(), meaning: z.string() }))
const rows = contractIsHere
  ? z.object({ callEnd: Rows, transfer: Rows, media: Rows }).parse(contract('result-codes.json'))
  : { callEnd: [], transfer: [], media: [] }

describe.skipIf(!contractIsHere)('every documented result is explained', () => {
  it.each([...rows.callEnd, ...rows.transfer])('of a call: $code/$subcode, $meaning', ({ code, subcode }) => {
    expect(explainResult(code, subcode)).not.toBeNull()
  })

  it.each(rows.media)('of an operation: $code/$subcode, $meaning', ({ code, subcode }) => {
    expect(explainResult(code, subcode, 'operation')).not.toBeNull()
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
