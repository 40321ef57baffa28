import { expect, it } from 'vitest'
import { GET } from '../api/phone/calls/[callId]/events/route.ts'
import type { Services } from './services.ts'
import { mostInAll, mostOfOne, openStreams } from './streams.ts'

const person = (n: number) => ({ name: `Person ${n}`, tenantId: 't', local: false })

it('counts for each person apart, and a place is given back once', () => {
  const streams = openStreams()
  const places = Array.from({ length: mostOfOne }, () => streams.enter(person(1)))
  expect(() => streams.enter(person(1))).toThrow(expect.objectContaining({ code: 'tooManyWindows', status: 429 }))
  streams.enter(person(2))
  streams.enter({ ...person(1), tenantId: 'another' })
  places[0]?.()
  places[0]?.()
  streams.enter(person(1))
  expect(() => streams.enter(person(1))).toThrow(expect.objectContaining({ code: 'tooManyWindows' }))
})

it('has an end for all together, and room again when somebody leaves', () => {
  const streams = openStreams()
  const places = Array.from({ length: mostInAll }, (_, n) => streams.enter(person(n)))
  expect(() => streams.enter(person(-1))).toThrow(expect.objectContaining({ code: 'tooManyWatch', status: 503 }))
  for (const leave of places) leave()
  for (let n = 0; n < mostInAll; n++) streams.enter(person(n))
})

it('gives back the place of a stream that could not be opened', async () => {
  const settings = { tenantId: '', appId: '', local: { emulatorUrl: 'http://127.0.0.1:1' } }
  // No more than this route asks for.
  const process = globalThis as typeof globalThis & { services?: Services }
  process.services = { settings, streams: openStreams() } as unknown as Services
  for (let n = 0; n <= mostOfOne; n++) {
    const request = new Request('http://localhost:3000/', { headers: { host: 'localhost:3000' } })
    expect((await GET(request, { params: Promise.resolve({ callId: 'one' }) })).status).toBe(503)
  }
})
