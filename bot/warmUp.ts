import { Agent, createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createCalls } from '#communications/requests/calls.ts'
import { frontDesk } from '#flow/sample.ts'
import { createLiveCalls } from './liveCalls.ts'
import { createMemorySessions } from './memorySessions.ts'
import { makeProgram, type Program } from './program.ts'
import { buildServer } from './server.ts'

/** So many calls make everything on their way compiled; on a slow machine the time ends it sooner. */
const mostCalls = 240
const atOnce = 8
const usualLimitMs = 1_000

const tenantId = 'warm-up'
const silent = { info: () => {}, warn: () => {}, error: () => {} }

/**
 * Carries made-up calls through parts of its own, in and out over HTTP on this machine: real callers are not to wait for the compiler.
 * Nothing of it is seen outside, and nothing is kept. Gives how many calls it were.
 */
export async function warmUp(limitMs = usualLimitMs): Promise<number> {
  const graph = createServer((asked, answer) => {
    asked.resume()
    answer.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"operation","status":"completed"}')
  })
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  const calls = createCalls({ tokens: { forTenant: async () => 'none' }, graphUrl: await listen(graph) })
  const program = soundless()
  const liveCalls = createLiveCalls({
    calls,
    sessions: createMemorySessions(),
    route: async () => ({ program, test: true }),
    record: () => {},
    callbackUri: 'https://warm-up.invalid/api/calls',
    log: silent,
    maxLiveCalls: mostCalls,
    newContext: (callId) => callId,
  })
  const server = buildServer({
    liveCalls,
    callsProof: { verify: async () => ({ tenantId, claims: {} }) },
    messages: {
      gate: async (_request, reply) => reply.code(404).send(),
      handle: async (_request, reply) => reply.code(404).send(),
    },
    audio: { get: async () => null },
    health: async () => ({ ready: false }),
    version: '',
  })
  let made = 0
  try {
    const url = await server.listen({ port: 0, host: '127.0.0.1' })
    const until = performance.now() + limitMs
    const callIn = async () => {
      for (const body of newsOf(`warm-up-${made++}`)) {
        await post(`${url}/api/calls`, body, agent)
        await liveCalls.settled()
      }
    }
    while (made < mostCalls && performance.now() < until) await Promise.all(Array.from({ length: atOnce }, callIn))
    return made
  } finally {
    agent.destroy()
    await Promise.all([server.close(), liveCalls.close(), calls.close()])
    graph.close()
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on TCP
}

/** A flow whose prompts are nowhere. */
function soundless(): Program {
  const version = { id: 'warm-up', flowId: 'warm-up', flow: frontDesk }
  const audio = { uri: 'https://warm-up.invalid/prompts/none.wav', resourceId: 'none', durationMs: 1_000 }
  return makeProgram(version, new Map(makeProgram(version, new Map()).prompts.map((text) => [text, audio])))
}

/** What Graph says of a call that presses a wrong key and a right one, hears a prompt out, and hangs up. */
function newsOf(id: string): string[] {
  const resourceUrl = `/app/calls/${id}`
  const say = (changeType: string, data: object) =>
    JSON.stringify({
      '@odata.type': '#microsoft.graph.commsNotifications',
      value: [{ '@odata.type': '#microsoft.graph.commsNotification', changeType, resourceUrl, resourceData: data }],
    })
  const call = (data: object) => ({ '@odata.type': '#microsoft.graph.call', id, direction: 'incoming', ...data })
  const established = (data: object) => say('updated', call({ state: 'established', ...data }))
  const played = say('deleted', {
    '@odata.type': '#microsoft.graph.playPromptOperation',
    clientContext: id,
    status: 'completed',
    resultInfo: { code: 200, subcode: 0 },
  })
  return [
    say('created', call({ state: 'incoming', source: { identity: { user: { id, displayName: 'Warm up' } } } })),
    established({ mediaState: { audio: 'active' } }),
    played,
    established({ toneInfo: { sequenceId: 1, tone: 'tone9' } }),
    established({ toneInfo: { sequenceId: 2, tone: 'tone2' } }),
    played,
    say('deleted', call({ state: 'terminated', resultInfo: { code: 0, subcode: 0 } })),
  ]
}

function post(url: string, body: string, agent: Agent): Promise<void> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const posted = request(url, { method: 'POST', agent, headers }, (answer) => answer.resume().once('end', resolve))
    posted.once('error', reject).end(body)
  })
}
