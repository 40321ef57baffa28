import { expect, it } from 'vitest'
import { beginFollowing } from '#communications/calling/follow.ts'
import { unseen } from '#communications/calling/observe.ts'
import { GraphError } from '#communications/road/error.ts'
import type { CommsOperation } from '#communications/wire/types.ts'
import { createVirtualClock } from '#emulator/virtualClock.ts'
import { begin } from '#flow/step.ts'
import type { FlowEvent } from '#flow/talk.ts'
import { writeWav } from '#speech/wav.ts'
import { StoreError } from '#store/error.ts'
import type { NewMessage } from '#store/messages.ts'
import { createRecordings, type RecordingsDeps } from './recordings.ts'
import type { Session } from './session.ts'
import { program, tenant } from './testing/desk.ts'

const speech = (seconds: number) => writeWav(Int16Array.from({ length: seconds * 16_000 }, (_, n) => (n % 2) * 3_000))
const ref = { recordingLocation: 'https://graph.test/recordings/1', recordingAccessToken: 'secret-token' }
const caller = { id: 'anna', name: 'Anna Berger', phone: '' }
const pace = { establishedMs: 1, keepAliveMs: 1, toneGapMs: 1, goneMs: 1 }

const session: Session = {
  ...{
    id: 's',
    callId: 'c',
    ref: { id: 'c', tenantId: tenant },
    program,
    due: [],
    expected: [],
    began: 0,
    movedMs: 0,
    told: 0,
    revision: 0,
  },
  state: begin(program, { caller, called: caller }),
  heard: beginFollowing({ ...unseen, details: null }, pace).known,
  recorded: { ...ref, context: 'op', leastMs: 1_000 },
}
const ended: CommsOperation = {
  '@odata.type': '#microsoft.graph.recordOperation',
  status: 'completed',
  clientContext: 'op',
  ...ref,
}

/** `downloads`: what each try gives, the last one again and again. */
function openRecordings({
  downloads = [speech(4)],
  keeps = true,
  add,
}: {
  downloads?: (Uint8Array | Error)[]
  keeps?: boolean
  add?: RecordingsDeps['messages']['add']
} = {}) {
  const clock = createVirtualClock({ startAt: 0 })
  const kept: NewMessage[] = []
  const logged: unknown[] = []
  const told: FlowEvent[] = []
  const note = (...what: unknown[]) => void logged.push(what)
  let tries = 0
  const recordings = createRecordings({
    clock,
    log: { info: note, warn: note, error: note },
    messages: { keeps: async () => keeps, add: add ?? (async (message) => void kept.push(message)) },
    async download() {
      const given = downloads[Math.min(tries++, downloads.length - 1)]
      if (!given || given instanceof Error) throw given
      return {
        body: (async function* () {
          yield given
        })(),
      }
    },
  })
  const take = () => recordings.take(session, 3, (_, event) => void told.push(event))
  return { clock, kept, logged, told, recordings, take, tries: () => tries }
}
const refusal = (status: number) => new GraphError({ code: 'itemNotFound', operation: 'downloadRecording', status })

it('tells how much was said, and keeps it with whose it is', async () => {
  const { take, told, kept, clock } = openRecordings()
  await take()
  await clock.advance(0)
  expect(told).toEqual([{ type: 'recordingTaken', visit: 3, spokenMs: 4_000 }])
  expect(kept).toMatchObject([
    { callId: 's', tenantId: tenant, caller: { name: 'Anna Berger', id: 'anna' }, spokenMs: 4_000 },
  ])
})

it.each([0, 0.5])('keeps nothing of what is no message (%d s)', async (seconds) => {
  const { take, told, kept, clock } = openRecordings({ downloads: [speech(seconds)] })
  await take()
  await clock.advance(1_000)
  expect([told, kept]).toEqual([[{ type: 'recordingTaken', visit: 3, spokenMs: seconds * 1_000 }], []])
})

it.each([
  [refusal(404), '404'],
  [refusal(401), '401'],
  [new Uint8Array([1, 2, 3]), 'unreadableRecording'],
])('tells the flow of a file that cannot be had (%#), and does not ask again', async (given, problem) => {
  const { take, told, tries, logged } = openRecordings({ downloads: [given] })
  await take()
  expect([told, tries()]).toEqual([[{ type: 'commandFailed', command: 'takeRecording', visit: 3, problem }], 1])
  expect(JSON.stringify(logged)).not.toMatch(/secret|Anna|recordings\//)
})

it('asks again for one that cannot be had at the moment', async () => {
  const { take, told, clock } = openRecordings({ downloads: [refusal(503), refusal(503), speech(2)] })
  const taken = take()
  await clock.advance(2_000)
  await taken
  expect(told).toMatchObject([{ spokenMs: 2_000 }])
})

it('waits for a database that is away, and the flow does not', async () => {
  let isAway = true
  const kept: NewMessage[] = []
  const { take, told, clock } = openRecordings({
    add: async (message) => {
      if (isAway) throw new StoreError('unavailable')
      kept.push(message)
    },
  })
  await take()
  expect(told).toHaveLength(1)
  await clock.advance(5_000)
  isAway = false
  await clock.advance(60_000)
  expect(kept).toHaveLength(1)
})

it('keeps nothing where it cannot be sealed, says so, and does not try for ever', async () => {
  const { take, clock, logged } = openRecordings({
    add: async () => {
      throw new StoreError('noDataKey')
    },
  })
  await take()
  await clock.advance(60_000)
  expect(logged).toMatchObject([[{ callId: 's' }, 'A message could not be kept']])
  expect(clock.waiting()).toBe(0)
})

it('keeps what comes after the caller has hung up, once', async () => {
  const { recordings, kept, clock } = openRecordings()
  recordings.expect('op', session, 1_000)
  recordings.late(ended, tenant)
  recordings.late(ended, tenant)
  await clock.advance(1_000)
  expect(kept).toMatchObject([{ callId: 's', spokenMs: 4_000 }])
})

it('keeps nothing late that was taken, was never asked for, is told by another tenant, or says nothing of a file', async () => {
  const { recordings, take, kept, clock } = openRecordings()
  recordings.expect('op', session, 1_000)
  await take()
  recordings.late(ended, tenant)
  recordings.late({ ...ended, clientContext: 'other' }, tenant)
  recordings.expect('next', session, 1_000)
  recordings.late({ ...ended, clientContext: 'next' }, 'another')
  recordings.late({ ...ended, clientContext: 'next', recordingLocation: null }, tenant)
  await clock.advance(1_000)
  expect(kept).toHaveLength(1)
})
