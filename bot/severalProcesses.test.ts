import { expect, it } from 'vitest'
import type { Notification } from '#communications/inbound/notifications.ts'
import type { Call } from '#communications/wire/types.ts'
import { createLiveCalls } from './liveCalls.ts'
import { createMemorySessions } from './memorySessions.ts'
import type { Session, Sessions } from './session.ts'
import { established, news, played, playedGraph, pressed, program, tenant } from './testing/desk.ts'

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
  const { asked, calls } = playedGraph()
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
  return {
    sessions,
    asked,
    call: (call: Call, changeType?: Notification['changeType']) => hears(news('c', call, changeType)),
    played: () => hears(played('c', asked)),
    close: () => Promise.all(all.map((one) => one.close())),
  }
}

it.each([1, 2, 3])(
  'a call goes on whichever of %i processes hears of it, and each command is done once',
  async (count) => {
    const { call, played, asked, sessions, close } = processes(count)
    await call({ state: 'incoming' }, 'created')
    await call(established)
    await played()
    await call(pressed(2, 1))
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
