import { randomUUID } from 'node:crypto'
import type { Download, RecordingRef } from '#communications/requests/recordings.ts'
import { GraphError } from '#communications/road/error.ts'
import type { CommsOperation } from '#communications/wire/types.ts'
import type { FlowEvent } from '#flow/talk.ts'
import { BoundedMap } from '#ground/boundedMap.ts'
import { type Clock, sleep } from '#ground/clock.ts'
import { withTimeout } from '#ground/timeout.ts'
import { StoreError } from '#store/error.ts'
import type { NewMessage } from '#store/messages.ts'
import type { Log } from './log.ts'
import { programOf, type Session } from './session.ts'
import { spokenIn } from './spoken.ts'
import { backgroundClock } from './timers.ts'

/** What callers say: fetched from Graph while it is there, and kept only where their tenant keeps messages. */

/** Graph throws a recording away shortly after its call; what was not fetched by then is gone. */
const fetchForMs = 30_000
const firstPauseMs = 500
/** A database that is away comes back, mostly; so long, and so many bytes, wait for it. */
const keepForMs = 10 * 60_000
const mostWaitingBytes = 64 * 1_048_576
/** Recordings under way, by what Graph calls them; each is some names. */
const mostExpected = 5_000
const goodbyeMs = 3_000

export type RecordingsDeps = {
  /** communications/requests/recordings.ts. */
  download(ref: RecordingRef, signal: AbortSignal): Promise<Pick<Download, 'body'>>
  messages: {
    /** Whether the tenant keeps messages. */
    keeps(tenantId: string): Promise<boolean>
    add(message: NewMessage): Promise<void>
  }
  log: Log
  clock?: Clock
}

export type Recordings = ReturnType<typeof createRecordings>

/** Whose message it is. */
type About = Omit<NewMessage, 'id' | 'at' | 'wav' | 'spokenMs'>

const aboutOf = (session: Session): About => {
  const { id, ref, state } = session
  const { flowId, versionId } = programOf(session)
  const { caller, called } = state.variables as { caller: Person; called: Person } // `begin` has put them there
  return {
    callId: id,
    tenantId: ref.tenantId,
    flowId,
    versionId,
    block: state.at ?? '',
    caller: { name: caller.name, id: caller.phone || caller.id },
    called: called.phone || called.id,
  }
}
type Person = { id: string; name: string; phone: string }

export function createRecordings(deps: RecordingsDeps) {
  const { log } = deps
  const expected = new BoundedMap<string, { about: About; leastMs: number }>(mostExpected)
  const underWay = new Set<Promise<unknown>>()
  const closing = new AbortController()
  const fetchAll = createFetcher(deps, closing.signal)
  const keep = createKeeper(deps, closing.signal)

  const track = <T>(work: Promise<T>): Promise<T> => {
    const end = work.catch(() => {}).finally(() => underWay.delete(end))
    underWay.add(end)
    return work
  }

  /** Fetches one, and keeps it behind the back of whoever waits for how much was said. */
  async function fetchAndKeep(ref: RecordingRef, about: About, leastMs: number): Promise<number> {
    const wav = await fetchAll(ref)
    const spokenMs = spokenIn(wav)
    if (spokenMs > 0 && spokenMs >= leastMs) void track(keep({ ...about, wav, spokenMs }))
    return spokenMs
  }

  return {
    /** A recording is asked for: should its caller hang up, it is known whose it was. */
    expect(context: string, session: Session, leastMs: number): void {
      expected.set(context, { about: aboutOf(session), leastMs })
    },

    /** Fetches what was recorded last, and tells the flow how much was said. Never rejects. */
    async take(session: Session, visit: number, tell: (callId: string, event: FlowEvent) => void): Promise<void> {
      const { callId, recorded } = session
      const failed = (problem: string) =>
        tell(callId, { type: 'commandFailed', command: 'takeRecording', visit, problem })
      if (!recorded) return failed('noRecording')
      expected.delete(recorded.context)
      try {
        const spokenMs = await track(fetchAndKeep(recorded, aboutOf(session), recorded.leastMs))
        tell(callId, { type: 'recordingTaken', visit, spokenMs })
      } catch (error) {
        const problem = problemOf(error)
        log.warn({ callId, code: problem }, 'A recording was not fetched')
        failed(problem)
      }
    },

    /** The end of a recording whose call is over: what Graph has of it is kept all the same, once. */
    late({ clientContext, recordingLocation, recordingAccessToken }: CommsOperation, tenantId: string): void {
      const context = clientContext ?? ''
      const known = expected.get(context)
      if (!known || known.about.tenantId !== tenantId || !recordingLocation || !recordingAccessToken) return
      expected.delete(context)
      const { about, leastMs } = known
      track(fetchAndKeep({ recordingLocation, recordingAccessToken }, about, leastMs)).catch((error: unknown) =>
        log.warn({ callId: about.callId, code: problemOf(error) }, 'A recording was not fetched'),
      )
    },

    /** What is being fetched or written has some seconds to be done. */
    async close(): Promise<void> {
      await withTimeout(Promise.all(underWay), goodbyeMs, () => {})
      closing.abort()
    },
  }
}

/** Tries until it is there. What is refused, gone or no longer allowed is not asked for again. */
function createFetcher({ download, clock = backgroundClock }: RecordingsDeps, closing: AbortSignal) {
  return async (ref: RecordingRef): Promise<Uint8Array> => {
    const until = clock.now() + fetchForMs
    for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
      try {
        return await wholeOf((await download(ref, closing)).body)
      } catch (error) {
        const isWorthIt = error instanceof GraphError && error.worthRetrying && clock.now() + pauseMs < until
        if (!isWorthIt || closing.aborted) throw error
      }
      await sleep(clock, pauseMs, closing)
    }
  }
}

/** Writes a message where its tenant keeps them, as soon as the database takes it. Never rejects. */
function createKeeper({ messages, log, clock = backgroundClock }: RecordingsDeps, closing: AbortSignal) {
  let waitingBytes = 0
  const write = async (message: NewMessage): Promise<void> => {
    const until = clock.now() + keepForMs
    for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
      try {
        if (await messages.keeps(message.tenantId)) await messages.add(message)
        return
      } catch (error) {
        const mayPass = error instanceof StoreError && error.code === 'unavailable'
        const mayWait = waitingBytes <= mostWaitingBytes && clock.now() + pauseMs < until && !closing.aborted
        if (!mayPass || !mayWait)
          return log.error({ callId: message.callId, err: error }, 'A message could not be kept')
      }
      await sleep(clock, pauseMs, closing)
    }
  }
  return async (message: Omit<NewMessage, 'id' | 'at'>): Promise<void> => {
    waitingBytes += message.wav.byteLength
    await write({ ...message, id: randomUUID(), at: new Date(clock.now()) })
    waitingBytes -= message.wav.byteLength
  }
}

/** For a process of which no caller is recorded. */
export const noRecordings: Pick<Recordings, 'expect' | 'take' | 'late'> = {
  expect: () => {},
  late: () => {},
  take: async ({ callId }, visit, tell) =>
    tell(callId, { type: 'commandFailed', command: 'takeRecording', visit, problem: 'noRecording' }),
}

async function wholeOf(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of body) pieces.push(piece)
  return Buffer.concat(pieces)
}

function problemOf(error: unknown): string {
  if (!(error instanceof GraphError)) return 'unreadableRecording'
  const { code, status, subcode } = error
  return subcode === null ? (status?.toString() ?? code) : `${status}/${subcode}`
}
