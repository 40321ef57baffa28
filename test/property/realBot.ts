import { createFresh, type Fresh } from '#bot/fresh.ts'
import type { LiveCallsDeps } from '#bot/live.ts'
import { createLiveCalls } from '#bot/liveCalls.ts'
import { createMemorySessions } from '#bot/memorySessions.ts'
import type { Program } from '#bot/program.ts'
import { noRecordings } from '#bot/recordings.ts'
import { createCalls } from '#communications/requests/calls.ts'
import { createTokens } from '#communications/road/tokens.ts'
import { wav } from '#emulator/testing/testBot.ts'
import { appId, publicUrl, secret } from '#emulator/testing/testLine.ts'
import type { FetchMedia } from '#emulator/world/prompts.ts'
import { compile } from '#flow/compile.ts'
import type { Flow } from '#flow/flow.ts'
import type { Shared } from '#flow/shared.ts'
import type { FlowLibrary } from '#flow/subFlows.ts'
import type { Clock } from '#ground/clock.ts'
import type { Voice } from '#speech/voice.ts'
import type { HistoryEntry } from '#store/history.ts'
import type { openForRuns } from './faultLine.ts'

const durationMs = 2_000
const sound = wav({ ms: durationMs })

/** Every prompt sounds for two seconds. */
export const sounds: FetchMedia = async () => ({ status: 200, bytes: sound, text: null })

/** A flow as if it were published: its prompts have addresses, and the ids that Graph sees are the texts themselves. */
export function spoken(flow: Flow, shared?: Shared, library?: FlowLibrary): Program {
  const compiled = compile(flow, { shared, flows: library })
  const texts = new Set([compiled, ...compiled.flows.values()].flatMap(({ prompts }) => prompts))
  const audio = new Map(
    [...texts].map((text, n) => [text, { uri: `${publicUrl}/prompts/${n}.wav`, resourceId: text, durationMs }]),
  )
  const heard = (one: typeof compiled): Program => ({ ...one, flows: new Map(), flowId: 'f', versionId: 'v', audio })
  return { ...heard(compiled), flows: new Map([...compiled.flows].map(([link, one]) => [link, heard(one)])) }
}

/** Values are spoken at once, and what was spoken under which id is known afterwards too. */
function freshVoice(clock: Clock, speak: Voice['speak']) {
  const fresh = createFresh({ voice: { speak }, publicUrl, clock })
  const texts = new Map<string, string>()
  const of: Fresh['of'] = async (...asked) => {
    const found = await fresh.of(...asked)
    for (const [text, { resourceId }] of found) texts.set(resourceId, text)
    return found
  }
  return { texts, fresh: { of, forget: fresh.forget, get: fresh.get, kept: () => fresh.size } }
}

/** The real bot on the emulator, in one process and in virtual time, for one run: what it wrote down, and what it complained of. */
type Terms = Pick<LiveCallsDeps, 'recordings' | 'services' | 'tables' | 'callbacks'> & { speak?: Voice['speak'] }

export async function openBot(
  line: Awaited<ReturnType<typeof openForRuns>>,
  program: Program,
  { speak = async () => ({ wav: sound, durationMs }), ...given }: Terms = {},
) {
  const { clock, transport } = line
  const entries: HistoryEntry[] = []
  const broken: unknown[] = []
  const log = { info: () => {}, warn: () => {}, error: (...what: unknown[]) => broken.push(what) }
  const tokens = createTokens({ appId, credential: { secret }, transport, clock })
  const calls = createCalls({ tokens, transport, clock })
  const sessions = createMemorySessions()
  const { fresh, texts } = freshVoice(clock, speak)
  const liveCalls = createLiveCalls({
    ...{ calls, sessions, clock, log, fresh, recordings: noRecordings, ...given },
    route: async () => ({ program, test: false }),
    record: (entry) => entries.push(entry),
    callbackUri: `${publicUrl}/api/calls`,
    maxLiveCalls: 100,
  })
  const strange: unknown[] = []
  await line.begin((notifications, tenantId) => {
    for (const notification of notifications) void liveCalls.take(notification, tenantId)
  }, strange)
  return {
    ...{ entries, broken, strange, sessions, liveCalls, fresh },
    /** What an id that Graph saw says. */
    textOf: (resourceId: string | null) => texts.get(resourceId ?? '') ?? resourceId,
    async close() {
      await liveCalls.close()
      await Promise.all([calls.close(), tokens.close()])
      line.end()
    },
  }
}
