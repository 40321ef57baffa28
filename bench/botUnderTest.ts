import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { createAudioCache } from '#bot/audio.ts'
import { watchLateness } from '#bot/lateness.ts'
import { createLiveCalls } from '#bot/liveCalls.ts'
import { createMemorySessions } from '#bot/memorySessions.ts'
import type { Program } from '#bot/program.ts'
import { buildServer } from '#bot/server.ts'
import { warmUp } from '#bot/warmUp.ts'
import { createProof } from '#communications/inbound/proof.ts'
import { createCalls } from '#communications/requests/calls.ts'
import { createThrottle } from '#communications/road/throttle.ts'
import { compile } from '#flow/compile.ts'
import { openHistory } from '#store/history.ts'
import { referenceFlow } from './referenceFlow.ts'

// Our whole bot as the load generator of the shared bench wants it: one process, the reference flow, nothing to set up.
// With DATABASE_URL it writes the call history too.

const set = z
  .object({
    BENCH_PORT: z.coerce.number(),
    BENCH_GRAPH_URL: z.url(),
    BENCH_OPENID_URL: z.url(),
    BENCH_APP_ID: z.guid(),
    BENCH_TENANT_ID: z.guid(),
    DATABASE_URL: z.string().optional(),
    BENCH_LISTENS_FIRST: z.stringbool().default(false),
    BENCH_TRUST_MS: z.coerce.number().optional(),
  })
  .parse(process.env)

const publicUrl = 'https://bot.example.test'
const compiled = compile(referenceFlow)
const program: Program = {
  ...compiled,
  flows: new Map(),
  flowId: randomUUID(),
  versionId: randomUUID(),
  audio: new Map(
    compiled.prompts.map((text, n) => [
      text,
      { uri: `${publicUrl}/prompts/${n}.wav`, resourceId: `prompt-${n}`, durationMs: 1_000 },
    ]),
  ),
}

const complain = (what: unknown, message: string) => console.error(message, what)
/** Of the length that real ones have, and the same text each time, as the one that is held. */
const token = 'x'.repeat(1200)
// The stand-in for Graph takes more than Graph would: without limits of our own the bot shows what it can do.
const unlimited = { requests: 1e9, perMs: 1_000 }
const calls = createCalls({
  tokens: { forTenant: async () => token },
  graphUrl: set.BENCH_GRAPH_URL,
  throttle: createThrottle({ limits: { calls: unlimited, all: unlimited } }),
})
const history = set.DATABASE_URL
  ? openHistory({ databaseUrl: set.DATABASE_URL, onTrouble: (problem) => complain(problem, 'history') })
  : null
const liveCalls = createLiveCalls({
  // Its callers press keys while the menu is still read, and its count of seven requests knows no cancellation.
  calls: { ...calls, cancelMediaProcessing: async () => ({}) },
  sessions: createMemorySessions(),
  route: async () => ({ program, test: false }),
  record: (entry) => history?.record(entry),
  callbackUri: `${publicUrl}/api/calls`,
  // That calls are turned away is what an overload is to show, not what went wrong.
  log: { info: () => {}, warn: (what, message) => 'why' in what || complain(what, message), error: complain },
  maxLiveCalls: 1_000_000,
  turnsAway: watchLateness(calls.longestWaitMs).turnsAway,
  // It hands back the call id as context, whatever it was given.
  newContext: (callId) => callId,
  // The load generator numbers its keys 4 and 5: the first would be waited for.
  pace: { toneGapMs: 0 },
})
let isWarm = false
const server = buildServer({
  liveCalls,
  callsProof: createProof({
    appId: set.BENCH_APP_ID,
    tenants: [set.BENCH_TENANT_ID],
    openIdUrl: set.BENCH_OPENID_URL,
    ...(set.BENCH_TRUST_MS !== undefined && { trustForMs: set.BENCH_TRUST_MS }),
  }),
  messages: {
    gate: async (_request, reply) => reply.code(404).send(),
    handle: async (_request, reply) => reply.code(404).send(),
  },
  audio: createAudioCache(async () => null),
  health: async () => ({ ready: isWarm }),
  version: 'bench',
})
const listen = () => server.listen({ port: set.BENCH_PORT, host: '127.0.0.1' })
// The product listens first and says that it is ready when it is warm: until then no calls come. The shared bench asks nobody and
// begins as soon as somebody listens.
if (set.BENCH_LISTENS_FIRST) await listen()
await warmUp()
isWarm = true
if (!set.BENCH_LISTENS_FIRST) await listen()

process.once('SIGTERM', () => void Promise.resolve(history?.close()).finally(() => process.exit(0)))
