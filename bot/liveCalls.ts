import type { Pace } from '#communications/calling/followed.ts'
import type { Notification } from '#communications/inbound/notifications.ts'
import type { Timer } from '#flow/talk.ts'
import { type Soon, whenThere } from '#ground/soon.ts'
import { advance, move } from './advance.ts'
import { noCallbacks } from './callbacks.ts'
import { closeAll } from './closing.ts'
import { nothingFresh } from './fresh.ts'
import { createLanes } from './lanes.ts'
import type { Live, LiveCallsDeps } from './live.ts'
import { newId } from './onePiece.ts'
import { noRecordings } from './recordings.ts'
import { noServices } from './services.ts'
import { endParting, offered, stranger } from './strangers.ts'
import { noTables } from './tables.ts'
import { backgroundClock, createTimers } from './timers.ts'
import { createUnderway } from './underway.ts'

/** A caller in silence notices ten seconds; 15 minutes are advised for keepAlive. */
export const usualPace: Pace = {
  establishedMs: 10_000,
  keepAliveMs: 15 * 60_000,
  toneGapMs: 400,
  goneMs: 500,
}

/** Of a call's id, which is kept for as long as news of the call may come; Graph's have 36 letters, or some more. */
const mostIdLength = 256

/**
 * All live calls of this process: what is heard moves one call by one event, is saved with the commands that are then
 * due, and the commands are carried out. Hear, advance, perform; decisions are the flow's.
 */
export function createLiveCalls(deps: LiveCallsDeps) {
  const {
    clock = backgroundClock,
    fresh = nothingFresh,
    newContext = newId,
    turnsAway = () => false,
    tables = noTables,
    callbacks = noCallbacks,
    services = noServices,
    recordings = noRecordings,
    log,
    sessions,
  } = deps
  const trouble = (error: unknown) => log.error({ err: error }, 'A call could not be moved on')
  const live: Live = {
    ...deps,
    clock,
    fresh,
    newContext,
    turnsAway,
    tables,
    callbacks,
    services,
    recordings,
    pace: { ...usualPace, ...deps.pace },
    timers: createTimers((...timer) => ring(live, ...timer), clock),
    lanes: createLanes(trouble),
    requests: createLanes(trouble),
    underway: createUnderway(),
    partings: createUnderway(),
    closing: new AbortController(),
    tell: (callId, event) => void move(live, callId, { event }),
    learn: (callId, news) => move(live, callId, { news }),
  }
  return {
    /** Takes one piece of news, behind whatever waits for the same call. Never rejects. */
    take(notification: Notification, tenantId: string): Soon<void> {
      if (notification.callId.length > mostIdLength) return log.warn({}, 'The id of a call is too long to be one')
      return live.lanes.run(notification.callId, () => receive(live, notification, tenantId))
    },
    /** How many there are. */
    get count() {
      return sessions.count
    },
    settled: () => settled(live),
    /** Hangs up all calls and ends, within three seconds whatever Graph does. */
    close: () => closeAll(live, () => settled(live), trouble),
  }
}

export type LiveCalls = ReturnType<typeof createLiveCalls>

/** Resolves when nothing is under way any more. */
async function settled({ lanes, requests }: Live): Promise<void> {
  while (lanes.busy + requests.busy > 0) await Promise.all([lanes.empty(), requests.empty()])
}

/** A timer with a visit is the flow's own, any other one that of who follows the call. */
function ring({ tell, learn }: Live, callId: string, timer: string, visit: number | null): void {
  if (visit === null) void learn(callId, { type: 'rang', timer })
  else tell(callId, { type: 'timerElapsed', timer: timer as Timer, visit }) // `as`: the name that its flow gave it
}

function receive(live: Live, notification: Notification, tenantId: string): Soon<void> {
  const { callId } = notification
  return whenThere(live.sessions.load(callId), (session): Soon<void> => {
    // A caller has hung up while recorded: what was said may still come.
    if (notification.resource === 'operation' && (session === 'over' || session?.heard.ended))
      live.recordings.late(notification.operation, tenantId)
    if (session === 'over') return endParting(live, notification, tenantId)
    if (session === undefined) {
      const isNew =
        notification.resource === 'call' &&
        notification.call.state === 'incoming' &&
        notification.changeType === 'created'
      return isNew ? offered(live, notification, tenantId) : stranger(live, notification, tenantId)
    }
    // Another tenant's token proves nothing about this call.
    if (session.ref.tenantId !== tenantId)
      return live.log.warn({ callId }, 'News of a call came in the name of another tenant')
    // News of the roster mean nothing to a flow.
    if (notification.resource !== 'call' && notification.resource !== 'operation') return
    return whenThere(advance(live, callId, { news: { type: 'heard', notification } }, session), nothing)
  })
}

const nothing = () => {}
