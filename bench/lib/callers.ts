import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import type { sharedWords } from './sharedBench.ts'

type Words = Awaited<ReturnType<typeof sharedWords>>
type Deps = { words: Words; keys: ReturnType<Words['makeKeys']>; port: number; graphPort: number }
/** How far a call is, and since when its bot has known of that. */
type Call = { id: string; n: number; step: number; at: number }
/** Times in milliseconds: of the webhook's replies, from a call to its answer, and from other news to the command that follows. */
type Seen = {
  replies: number[]
  answers: number[]
  commands: number[]
  turnedAway: number
  done: number
  refused: number
}

const lastStep = 7
const sockets = 256

/** People who call a bot by the script of the shared bench, and the Graph between them, in this process. */
export async function openCallers({ words, keys, port, graphPort }: Deps) {
  const webhook = openWebhook(port, readFileSync(keys.tok, 'utf8').trim())
  const calls = new Map<string, Call>()
  let seen = nothingSeen()
  let begun = 0
  let onDone = () => {}

  function end(call: Call): void {
    calls.delete(call.id)
    seen.done += 1
    onDone()
  }
  async function tell(call: Call, at = performance.now()): Promise<void> {
    const { step } = call
    call.at = at
    const status = await webhook.post(words.notification(step, call.n, call.id))
    seen.replies.push(performance.now() - at)
    if (status !== 202) seen.refused += 1
    if (step === lastStep) end(call)
  }
  function begin(at?: number): void {
    const call = { id: `c${port}-${begun}`, n: begun, step: 0, at: 0 }
    begun += 1
    calls.set(call.id, call)
    void tell(call, at)
  }
  const graph = await openGraph(graphPort, keys.jwks, (id, action) => {
    const call = calls.get(id)
    if (!call) return
    if (action === 'reject') {
      seen.turnedAway += 1
      end(call)
    } else {
      const times = call.step === 0 ? seen.answers : seen.commands
      times.push(performance.now() - call.at)
      call.step += 1
      void tell(call)
    }
  })
  /** Waits for the calls that are left. */
  async function settle() {
    for (let n = 0; calls.size > 0 && n < 100; n += 1) await wait(100)
    calls.clear()
  }
  return {
    /** So many calls at the same time, for so long. Gives calls a second, without those that were turned away. */
    async closedLoop(atOnce: number, ms: number): Promise<number> {
      seen = nothingSeen()
      onDone = begin
      for (let n = 0; n < atOnce; n += 1) begin()
      await wait(ms)
      onDone = () => {}
      const rate = ((seen.done - seen.turnedAway) / ms) * 1000
      await settle()
      return rate
    },
    /** So many new calls a second, whatever becomes of them; times count from when each was to begin. */
    async openLoop(rate: number, ms: number): Promise<Seen> {
      seen = nothingSeen()
      const from = performance.now()
      for (let n = 0; n < (rate * ms) / 1000; ) {
        for (; n < ((performance.now() - from) * rate) / 1000; n += 1) begin(from + (n * 1000) / rate)
        await wait(1)
      }
      await settle()
      return seen
    },
    close: () => Promise.all([webhook.close(), graph.close()]),
  }
}

const nothingSeen = (): Seen => ({ replies: [], answers: [], commands: [], turnedAway: 0, done: 0, refused: 0 })

/** The bot's address for calls; a status of 0 is a connection that broke. */
function openWebhook(port: number, token: string) {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: sockets })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  return {
    async post(body: string): Promise<number> {
      const reply = await pool.request({ path: '/api/calls', method: 'POST', headers, body }).catch(() => null)
      await reply?.body.dump()
      return reply?.statusCode ?? 0
    },
    close: () => pool.destroy(),
  }
}

/** Takes every command at once, and has the keys by which the tokens of these callers are proven. */
async function openGraph(port: number, jwksFile: string, onCommand: (id: string, action: string) => void) {
  const server = createServer((request, response) => {
    request.resume()
    const { url = '' } = request
    const [, id, action = 'hangUp'] = /\/communications\/calls\/([^/]+)(?:\/(\w+))?/.exec(url) ?? []
    if (id === undefined) {
      const configuration = JSON.stringify({ jwks_uri: `http://127.0.0.1:${port}/keys` })
      response.end(url === '/keys' ? readFileSync(jwksFile) : configuration)
      return
    }
    const type = `#microsoft.graph.${action}Operation`
    const operation = { '@odata.type': type, id: `op-${id}`, status: 'running', clientContext: id }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(operation))
    onCommand(id, action)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
