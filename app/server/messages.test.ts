import { expect, it } from 'vitest'
import { inPieces } from './messages.ts'

const wav = Uint8Array.from({ length: 100 }, (_, n) => n)

it.each([
  [null, 200, null, 100],
  ['bytes=0-', 206, 'bytes 0-99/100', 100],
  ['bytes=10-19', 206, 'bytes 10-19/100', 10],
  ['bytes=90-200', 206, 'bytes 90-99/100', 10],
  ['bytes=-5', 206, 'bytes 95-99/100', 5],
  ['bytes=-500', 206, 'bytes 0-99/100', 100],
  ['bytes=100-', 416, 'bytes */100', 0],
  ['bytes=5-1', 416, 'bytes */100', 0],
  // The RFC lets a server ignore these.
  ['bytes=0-1,5-6', 200, null, 100],
  ['bytes=-', 200, null, 100],
  ['words=1-2', 200, null, 100],
])('a player that asks for %s gets it', async (range, status, said, length) => {
  const answer = inPieces(wav, range)
  const bytes = new Uint8Array(await answer.arrayBuffer())
  expect([answer.status, answer.headers.get('content-range'), bytes.length]).toEqual([status, said, length])
  const first = Number(/ (\d+)-/.exec(said ?? '')?.[1] ?? 0)
  if (length > 0) expect(bytes[0]).toBe(first)
})
