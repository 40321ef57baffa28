import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { normalId, sameId } from '#ground/ids.ts'
import { parseOrRefuse, Refusal } from '../wire/refusal.ts'
import { appPairs, isOneOf, type Presences, preferredPairs, type Shown } from '../world/presences.ts'
import { graphType } from './bodies.ts'
import { isoDurationMs } from './isoDuration.ts'
import { contextOf } from './odata.ts'
import { actionPaths, type DoorDeps, openResourceDoor } from './resourceDoor.ts'
import { badRequest } from './resourceRefusals.ts'

/** Presence of Microsoft Graph v1.0: what users do, seen and set by apps. */

const minutes = 60_000
/** Documented range and default of an app's session (contract: limits.json, presence.expirationDuration). */
const sessionMs = { min: 5 * minutes, max: 4 * 60 * minutes, default: 5 * minutes }
/** How long a preference lasts when nobody says: not in the contract, project choice. */
const preferenceMs = 24 * 60 * minutes

const duration = z
  .string()
  .transform(isoDurationMs)
  .refine((ms) => ms !== null, 'must be an ISO 8601 duration, e.g. PT1H')
  .nullish()
const shown = { availability: z.string(), activity: z.string(), expirationDuration: duration }
const text = z.string().nullish()

const getPresencesBody = z.strictObject({ ids: z.array(z.string()).min(1).max(650) })
const setPresenceBody = z.strictObject({ sessionId: text, ...shown })
const clearPresenceBody = z.strictObject({ sessionId: text })
const preferredBody = z.strictObject(shown)
const noBody = z.union([z.null(), z.undefined(), z.strictObject({})])

const dateTime = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,12})?)?Z?$/)
const statusMessageBody = z.strictObject({
  statusMessage: graphType('presenceStatusMessage', {
    message: graphType('itemBody', { content: text, contentType: z.enum(['text', 'html']).nullish() }).nullish(),
    expiryDateTime: graphType('dateTimeTimeZone', { dateTime, timeZone: text }).nullish(),
    publishedDateTime: text,
  }).nullish(),
})

type Deps = DoorDeps & { presences: Presences }

export async function presenceRoutes(server: FastifyInstance, { tokens, users, presences }: Deps): Promise<void> {
  const { on, onUser } = openResourceDoor(server, { tokens, users })
  const viewOf = (userId: string) => ({
    id: userId,
    outOfOfficeSettings: { message: null, isOutOfOffice: false },
    ...presences.see(userId),
  })

  on('getpresencesbyuserid', 'POST', actionPaths('/communications', 'getPresencesByUserId'), ({ bearer, body }) => {
    const { ids } = parseOrRefuse(getPresencesBody, body, 'BadRequest')
    // Users who are not there, or are in another tenant, are left out: what happens to them is not documented.
    const found = [...new Set(ids.map(normalId))].flatMap((id) => users.find(bearer.tenantId, id) ?? [])
    return { status: 200, body: { ...contextOf('Collection(presence)'), value: found.map(({ id }) => viewOf(id)) } }
  })

  onUser('presence-get', 'GET', '/presence', ({ user }) => ({
    status: 200,
    body: { ...contextOf(`users('${user.id}')/presence/$entity`), ...viewOf(user.id) },
  }))

  onUser('presence-setpresence', 'POST', actionPaths('/presence', 'setPresence'), ({ bearer, user, body }) => {
    const asked = parseOrRefuse(setPresenceBody, body, 'BadRequest')
    refuseOtherSession(asked.sessionId, bearer.appId)
    refuseOtherPair(appPairs, asked)
    const ms = asked.expirationDuration ?? sessionMs.default
    if (ms < sessionMs.min || ms > sessionMs.max) throw badRequest('expirationDuration: must be from PT5M to PT4H.')
    presences.setSession(user.id, bearer.appId, pairOf(asked), ms)
    return { status: 200 }
  })
  onUser('presence-clearpresence', 'POST', actionPaths('/presence', 'clearPresence'), ({ bearer, user, body }) => {
    refuseOtherSession(parseOrRefuse(clearPresenceBody, body, 'BadRequest').sessionId, bearer.appId)
    presences.clearSession(user.id, bearer.appId)
    return { status: 200 }
  })

  onUser(
    'presence-setuserpreferredpresence',
    'POST',
    actionPaths('/presence', 'setUserPreferredPresence'),
    ({ user, body }) => {
      const asked = parseOrRefuse(preferredBody, body, 'BadRequest')
      refuseOtherPair(preferredPairs, asked)
      presences.setPreferred(user.id, pairOf(asked), asked.expirationDuration ?? preferenceMs)
      return { status: 200 }
    },
  )
  onUser(
    'presence-clearuserpreferredpresence',
    'POST',
    actionPaths('/presence', 'clearUserPreferredPresence'),
    ({ user, body }) => {
      parseOrRefuse(noBody, body, 'BadRequest')
      presences.clearPreferred(user.id)
      return { status: 200 }
    },
  )

  onUser('presence-setstatusmessage', 'POST', actionPaths('/presence', 'setStatusMessage'), ({ user, body }) => {
    const { statusMessage } = parseOrRefuse(statusMessageBody, body, 'BadRequest')
    const expiryDateTime = statusMessage?.expiryDateTime ?? null
    const message = statusMessage?.message ?? null
    presences.setStatusMessage(
      user.id,
      message && { message, expiryDateTime },
      expiryDateTime && instantOf(expiryDateTime),
    )
    return { status: 200 }
  })
}

const pairOf = ({ availability, activity }: Shown): Shown => ({ availability, activity })

/** `sessionId` is the id of the app (documented). Leaving it out is legal by the metadata and means the same here. */
function refuseOtherSession(sessionId: string | null | undefined, appId: string): void {
  if (sessionId && !sameId(sessionId, appId)) throw badRequest('sessionId: must be the id of the application.')
}

function refuseOtherPair(known: Shown[], asked: Shown): void {
  if (isOneOf(known, asked)) return
  const list = known.map(({ availability, activity }) => `${availability}/${activity}`).join(', ')
  throw badRequest(`availability and activity: must be one of ${list}.`)
}

function instantOf({ dateTime, timeZone }: { dateTime: string; timeZone?: string | null | undefined }): number {
  if (timeZone && timeZone !== 'UTC' && !dateTime.endsWith('Z')) {
    throw new Refusal(501, 'notImplemented', 'The emulator knows the time zone UTC only.')
  }
  const instant = Date.parse(dateTime.endsWith('Z') ? dateTime : `${dateTime}Z`)
  if (Number.isNaN(instant)) throw badRequest('expiryDateTime: is no time.')
  return instant
}
