import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { createLiveCalls } from '#bot/liveCalls.ts'
import { createMemorySessions } from '#bot/memorySessions.ts'
import { makeProgram } from '#bot/program.ts'
import { parseNotifications } from '#communications/inbound/notifications.ts'
import type { Calls } from '#communications/requests/calls.ts'
import { option } from './lib/options.ts'
import { sharedWords } from './lib/sharedBench.ts'
import { promptTexts, referenceFlow } from './referenceFlow.ts'

// Heap of a live call in the whole bot but its connections, which know no call (goal P8). Calls come to the menu and wait there, with
// ids as long as Graph's. Needs node --expose-gc.

const calls = option('calls', 20_000)
const { notification, tenantId } = await sharedWords()

/** What each call's last operation was asked with. */
const contexts = new Map<string, string>()
const later = <T>(answer: T) => new Promise<T>((resolve) => setImmediate(resolve, answer))
const operation = ({ id }: { id: string }, { clientContext = '' }: { clientContext?: string }) => {
  contexts.set(id, clientContext)
  return later({ id: randomUUID(), status: 'running' as const, clientContext })
}
const graph = { answer: () => later(undefined), playPrompt: operation, subscribeToTone: operation }
const audio = new Map(
  Object.entries(promptTexts).map(([resourceId, text]) => [text, { uri: '', resourceId, durationMs: 60_000 }]),
)
const program = makeProgram({ id: randomUUID(), flowId: randomUUID(), flow: referenceFlow }, audio)
const liveCalls = createLiveCalls({
  calls: graph as unknown as Calls, // all that is asked for until the menu
  sessions: createMemorySessions(),
  route: async () => ({ program, test: false }),
  record: () => {},
  callbackUri: 'https://bot.example.test/api/calls',
  log: { info: () => {}, warn: console.warn, error: console.error },
  maxLiveCalls: Number.POSITIVE_INFINITY,
})

/** The n-th news of each call, as they arrive: a text. */
async function tell(ids: string[], n: number): Promise<void> {
  for (const [call, id] of ids.entries()) {
    const text = notification(n, call, id)
      .replaceAll(`op-${id}-${n}`, randomUUID())
      .replaceAll(`"clientContext":"${id}"`, `"clientContext":"${contexts.get(id)}"`)
    const news = parseNotifications(JSON.parse(text))
    if (news.kind === 'graph') for (const one of news.notifications) void liveCalls.take(one, tenantId)
    if (call % 64 === 0) await later(undefined)
  }
  await liveCalls.settled()
}

async function comeToTheMenu(ids: string[]): Promise<void> {
  for (let n = 0; n < 4; n += 1) await tell(ids, n)
  contexts.clear()
}

async function heap(): Promise<number> {
  for (let n = 0; n < 3; n += 1) {
    globalThis.gc?.()
    await wait(50)
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const idsOf = (count: number) => Array.from({ length: count }, () => Buffer.from(randomUUID()).toString())
await comeToTheMenu(idsOf(2_000)) // so that the code is there
const [known, ids] = [liveCalls.count, idsOf(calls)]
for (const id of ids) contexts.set(id, '')
const before = await heap()
await comeToTheMenu(ids)
const bytes = Math.round(((await heap()) - before) / (liveCalls.count - known))
console.log(`Heap of a live call (must 2048, aim 1229), ${liveCalls.count - known} calls: ${bytes} bytes`)
process.exit(liveCalls.count - known === calls ? 0 : 1)
