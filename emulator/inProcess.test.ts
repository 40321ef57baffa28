import Fastify from 'fastify'
import { afterEach, expect, it } from 'vitest'
import { createProof } from '#communications/inbound/proof.ts'
import { createTokens } from '#communications/road/tokens.ts'
import { postTo } from './inProcess.ts'
import { wav } from './testing/testBot.ts'
import { openInProcess } from './testing/testInProcess.ts'
import { answer, appId, prompts, publicUrl, secret, tenantId } from './testing/testLine.ts'
import type { Post } from './wire/delivery.ts'

let line: ReturnType<typeof openInProcess> | null = null
afterEach(async () => {
  await line?.server.close()
  line = null
})
const open = (...parts: Parameters<typeof openInProcess>) => {
  line = openInProcess(...parts)
  return line
}
const stateOf = (body: string): string => /"state":"(\w+)"/.exec(body)?.[1] ?? ''

it('carries a call from beginning to end without a socket, with tokens that the bot proves', async () => {
  const states: string[] = []
  const bot = Fastify()
  bot.post('/api/calls', async (request, reply) => {
    const proven = await proof.verify(request.headers.authorization)
    states.push(`${stateOf(JSON.stringify(request.body))} for ${proven.claims.aud === appId}`)
    return reply.status(202).send()
  })
  const { clock, dial, graph, token, view, transport } = open(postTo(bot))
  const proof = createProof({
    appId,
    openIdUrl: 'http://127.0.0.1/v1/.well-known/OpenIdConfiguration',
    clock,
    transport,
  })
  const { id } = await dial()
  await graph(await token(), 'POST', `/${id}/answer`, answer)
  await clock.advance(1000)
  await graph(await token(), 'DELETE', `/${id}`)
  await clock.advance(1000)
  expect(states).toEqual(
    ['incoming', 'establishing', 'established', 'established', 'terminating', 'terminated'].map(
      (one) => `${one} for true`,
    ),
  )
  expect(await view(id)).toMatchObject({ state: 'terminated', result: { code: 200, subcode: 7000 } })
  await proof.close()
  await bot.close()
})

const takes: Post = async () => ({ status: 202 })

it('lets 45 minutes without a keepAlive go by in a moment, and a kept call live for a day', async () => {
  const { clock, dial, graph, token, view } = open(takes)
  const [silent, kept] = [await dial(), await dial()]
  for (const { id } of [silent, kept]) await graph(await token(), 'POST', `/${id}/answer`, answer)
  const started = performance.now()
  const keep = () => {
    void token().then((bearer) => graph(bearer, 'POST', `/${kept.id}/keepAlive`, {}))
    clock.after(15 * 60_000, keep)
  }
  keep()
  await clock.advance(24 * 3_600_000)
  expect(performance.now() - started).toBeLessThan(5000)
  const ended = await view(silent.id)
  expect(ended).toMatchObject({ state: 'terminated', result: { code: 408, subcode: 8537 } })
  expect(Date.parse(ended.endedAt ?? '') - Date.parse(ended.startedAt)).toBe(45 * 60_000)
  expect((await view(kept.id)).state).toBe('established')
})

it('ends a meeting for a bot that is still on its way into it', async () => {
  const { clock, ask, graph, token, view } = open(takes)
  const organizer = { id: '550fae72-d251-43ec-868c-373732c2704f' }
  const { body: made } = await ask('POST', '/emulator/meetings', { organizer })
  const meeting = made as { id: string; threadId: string } // the emulator's own answer
  const { body } = await graph(await token(), 'POST', '', {
    callbackUri: `${publicUrl}/api/calls`,
    requestedModalities: ['audio'],
    mediaConfig: answer.mediaConfig,
    chatInfo: { '@odata.type': '#microsoft.graph.chatInfo', threadId: meeting.threadId, messageId: '0' },
    meetingInfo: { '@odata.type': '#microsoft.graph.organizerMeetingInfo', organizer: { user: organizer } },
    tenantId,
  })
  await ask('POST', `/emulator/meetings/${encodeURIComponent(meeting.id)}/end`)
  await clock.advance(1000)
  const call = await view((body as { id: string }).id) // as above
  expect(call).toMatchObject({ state: 'terminated', result: { code: 200, subcode: 5001 } })
})

it('plays a prompt for as long as it lasts, in virtual time', async () => {
  const { clock, dial, graph, token, view } = open(
    takes,
    {},
    {
      fetchMedia: async () => ({ status: 200, bytes: wav({ ms: 60_000 }), text: 'A%20long%20one' }),
    },
  )
  const { id } = await dial()
  await graph(await token(), 'POST', `/${id}/answer`, answer)
  await clock.advance(1000)
  await graph(await token(), 'POST', `/${id}/playPrompt`, { prompts: prompts('/long.wav') })
  await clock.advance(59_000)
  expect((await view(id)).playing).toMatchObject({ text: 'A long one' })
  await clock.advance(1000)
  const { transcript } = await view(id)
  const [begun, ended] = ['prompt', 'promptEnded'].map(
    (kind) => transcript.find((entry) => entry.kind === kind)?.ms ?? 0,
  )
  expect((ended ?? 0) - (begun ?? 0)).toBe(60_000)
})

it('goes by the clock for its timeouts: an answer that hangs, a webhook that never answers', async () => {
  const { clock, ask, dial, graph, token, view } = open(
    () => new Promise(() => {}),
    { notificationTimeoutMs: 5000 },
    { patienceMs: 50 },
  )
  // Keys are made before: that takes longer than this clock's patience.
  const bearer = await token()
  await ask('GET', '/v1/keys')
  const { id } = await dial()
  await ask('POST', '/emulator/faults', { on: { operation: 'call-answer' }, do: { hang: true } })
  const hanging = graph(bearer, 'POST', `/${id}/answer`, answer).catch((error) => error.code)
  await clock.advance(20_000)
  expect(await hanging).toBe('timeout')
  expect((await view(id)).transcript).toContainEqual(
    expect.objectContaining({ kind: 'failed', what: 'notification', message: expect.stringContaining('in time') }),
  )
})

it('cuts the answer in process as over a wire', async () => {
  const { ask, dial, graph, token, view, clock } = open(takes)
  const { id } = await dial()
  await ask('POST', '/emulator/faults', { operation: 'call-answer', cut: true })
  await ask('POST', '/emulator/faults', { operation: 'call-answer', cutAfter: true })
  for (const state of ['incoming', 'establishing']) {
    await expect(graph(await token(), 'POST', `/${id}/answer`, answer)).rejects.toMatchObject({
      ...{ name: 'RoundTripError', code: 'unreachable', neverSent: false },
    })
    expect((await view(id)).state).toBe(state)
  }
  await clock.advance(1000)
  expect((await view(id)).state).toBe('established')
})

it('gives up at once what was aborted, and refuses answers that are too large', async () => {
  const { transport } = open(takes)
  const ask = (more: { maxBytes?: number; signal?: AbortSignal }) =>
    transport('http://127.0.0.1/api/health', { method: 'GET', timeoutMs: 1000, maxBytes: 1000, ...more })
  expect((await ask({})).status).toBe(200)
  await expect(ask({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'aborted', neverSent: true })
  await expect(ask({ maxBytes: 5 })).rejects.toMatchObject({ code: 'answerTooLarge' })
  const stop = new AbortController()
  const aborted = ask({ signal: stop.signal })
  stop.abort()
  await expect(aborted).rejects.toMatchObject({ code: 'aborted', neverSent: false })
})

it('lets the real client log in, and again when an hour of its time is over', async () => {
  const { clock, graph, transport } = open(takes)
  const tokens = createTokens({ appId, credential: { secret }, loginUrl: 'http://127.0.0.1', transport, clock })
  const ask = async () => {
    const bearer = await tokens.forTenant(tenantId)
    expect((await graph(bearer, 'GET', '/00000000-0000-4000-8000-000000000000')).status).toBe(404)
    return bearer
  }
  const first = await ask()
  expect(await ask()).toBe(first)
  await clock.advance(2 * 3_600_000)
  expect(await ask()).not.toBe(first)
  await tokens.close()
})

it('takes a token until it expires, and not a second longer', async () => {
  const { clock, graph, token } = open(takes)
  const bearer = await token()
  const ask = async () => (await graph(bearer, 'GET', '/00000000-0000-4000-8000-000000000000')).status
  expect(await ask()).toBe(404)
  await clock.advance(3_598_000)
  expect(await ask()).toBe(404)
  await clock.advance(1000)
  expect(await ask()).toBe(401)
})

/** What went over the wire on each of ten calls under a fault schedule, without what is random: ids. */
async function courseOf(seed: number): Promise<string[][]> {
  const line: ReturnType<typeof openInProcess> = openInProcess(async (_url, { body }) => {
    const [, id = ''] = /"resourceUrl":"\/communications\/calls\/([^"/]+)/.exec(body) ?? []
    const path = stateOf(body) === 'incoming' ? `/${id}/answer` : null
    if (path) setImmediate(() => void line.graph(bearer, 'POST', path, answer).catch(() => {}))
    return { status: 202 }
  })
  const bearer = await line.token()
  const rates = { 429: 0.2, 503: 0.1, cutAfter: 0.2, duplicate: 0.3, reorder: 0.3, lose: 0.2, delay: 0.2, legacy: 0.1 }
  await line.ask('POST', '/emulator/faults/schedule', { seed, rates })
  const ids: string[] = []
  for (let call = 0; call < 10; call += 1) ids.push((await line.dial()).id)
  await line.clock.advance(60_000)
  const courses: string[][] = []
  for (const id of ids) {
    const wire = (await line.ask('GET', `/emulator/requests?callId=${id}`)).body as {
      at: string
      status: number | null
      body: unknown
    }[] // the emulator's own
    courses.push(wire.map(({ at, status, body }) => `${at} ${status} ${stateOf(JSON.stringify(body))}`))
  }
  await line.server.close()
  return courses
}

it('gives the same run for the same seed', async () => {
  const first = await courseOf(7)
  expect(new Set(first.map((course) => course.map((one) => one.slice(24)).join())).size).toBeGreaterThan(3)
  expect(await courseOf(7)).toEqual(first)
  expect(await courseOf(8)).not.toEqual(first)
})
