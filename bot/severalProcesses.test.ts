import { expect, it } from 'vitest'
import type { Notification } from '#communications/inbound/notifications.ts'
import type { Calls } from '#communications/requests/calls.ts'
import type { Call, CommsOperation } from '#communications/wire/types.ts'
import { frontDesk } from '#flow/sample.ts'
import { createLiveCalls } from './liveCalls.ts'
import { createMemorySessions } from './memorySessions.ts'
import { makeProgram } from './program.ts'
import type { Session, Sessions } from './session.ts'

const tenant = 'tenant'
const version = { id: 'v', flowId: 'f', flow: frontDesk }
const audio = new Map(
  makeProgram(version, new Map()).prompts.map((text) => [
    text,
    { uri: `https://bot.localhost/prompts/${encodeURIComponent(text)}.wav`, resourceId: text, durationMs: 1_000 },
  ]),
)
const program = makeProgram(version, audio)

/** A store outside of the processes: it answers later, and what it gives is a copy each time. */
function sharedSessions(): Sessions & { kept(callId: string): Session | undefined } {
  const memory = createMemorySessions()
  const copy = (session: Session): Session => ({ ...structuredClone({ ...session, program: null }), program })
  const load: Sessions['load'] = async (callId) => {
    const session = await memory.load(callId)
    return typeof session === 'object' ? copy(session) : session
  }
  return {
    load,
    save: async (session, before) => memory.save(copy(session), before),
    end: async (callId) => memory.end(callId),
    live: () => memory.live(),
    get count() {
      return memory.count
    },
    kept: (callId) => [...memory.live()].find((session) => session.callId === callId),
  }
}

/** So many processes that share a store, before a Graph that notes what it is asked. */
function processes(count: number) {
  const asked: { operation: string; context: string }[] = []
  const note = (operation: string) => async () => void asked.push({ operation, context: '' })
  const run = async (operation: string, context: string, status: 'running' | 'completed'): Promise<CommsOperation> => {
    asked.push({ operation, context })
    return { '@odata.type': `#microsoft.graph.${operation}`, id: `op-${asked.length}`, status, clientContext: context }
  }
  const calls: Calls = {
    answer: note('answer'),
    reject: note('reject'),
    playPrompt: (_call, { clientContext }) => run('play', clientContext, 'running'),
    subscribeToTone: (_call, { clientContext }) => run('subscribe', clientContext, 'completed'),
    cancelMediaProcessing: (_call, { clientContext }) => run('cancel', clientContext, 'completed'),
    transfer: note('transfer'),
    get: async () => ({}),
    getOperation: async () => ({}),
    hangUp: note('hangUp'),
    keepAlive: note('keepAlive'),
    create: async () => ({ id: 'new' }),
    close: async () => {},
  }
  const log = { info: () => {}, warn: () => {}, error: (what: unknown) => expect.fail(JSON.stringify(what)) }
  const sessions = sharedSessions()
  const all = Array.from({ length: count }, () =>
    createLiveCalls({
      calls,
      sessions,
      route: async () => ({ program, test: false }),
      record: () => {},
      callbackUri: 'https://bot.localhost/api/calls',
      log,
      maxLiveCalls: 10,
    }),
  )
  let turn = 0
  /** Whichever is next hears it. */
  async function hears(notification: Notification) {
    await all[turn++ % count]?.take(notification, tenant)
    for (const one of all) await one.settled()
  }
  const here = { callId: 'c', wireCallId: 'c' }
  const call = (call: Call, changeType: Notification['changeType'] = 'updated') =>
    hears({ ...here, changeType, resource: 'call', call })
  return {
    sessions,
    asked,
    call,
    played: () => {
      const clientContext = asked.findLast(({ operation }) => operation === 'play')?.context ?? ''
      const operation = {
        '@odata.type': '#microsoft.graph.playPromptOperation',
        status: 'completed' as const,
        clientContext,
      }
      return hears({ ...here, changeType: 'deleted', resource: 'operation', operationId: null, operation })
    },
    close: () => Promise.all(all.map((one) => one.close())),
  }
}

it.each([1, 2, 3])(
  'a call goes on whichever of %i processes hears of it, and each command is done once',
  async (count) => {
    const { call, played, asked, sessions, close } = processes(count)
    await call({ state: 'incoming' }, 'created')
    await call({ state: 'established', mediaState: { audio: 'active' } })
    await played()
    await call({ state: 'established', toneInfo: { tone: 'tone2', sequenceId: 1 } })
    expect(sessions.kept('c')?.due).toEqual([])
    await played()
    expect(asked.map(({ operation }) => operation)).toEqual([
      'answer',
      'subscribe',
      'play',
      'play',
      'cancel',
      'play',
      'play',
    ])
    expect(sessions.kept('c')?.due).toEqual([])
    await call({ state: 'terminated' }, 'deleted')
    expect(sessions.count).toBe(0)
    await close()
  },
)
