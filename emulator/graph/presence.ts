import * as z from 'zod'
import { normalId, sameId } from '#ground/ids.ts'
import { badRequest, Refusal } from '../wire/refusal.ts'
import { appPairs, isOneOf, preferredPairs, type Shown } from '../world/presences.ts'
import type { World } from '../world/world.ts'
import { graphType, noBody, text } from './bodies.ts'
import { isoDurationMs } from './isoDuration.ts'
import type { Needs } from './needs.ts'
import { onPresence, onTenant } from './onResource.ts'
import { action, contextOf, listOf } from './operation.ts'

/** Presence: what users do, seen and set by apps. */

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
const dateTime = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,12})?)?Z?$/)

const readers = ['Presence.Read.All', 'Presence.ReadWrite.All']
const toWrite: Needs = { application: ['Presence.ReadWrite.All'], delegated: ['Presence.ReadWrite'] }

export const presenceOperations = [
  onTenant('getpresencesbyuserid', 'POST', action('/communications/getPresencesByUserId'), {
    body: z.strictObject({ ids: z.array(z.string()).min(1).max(650) }),
    needs: { application: readers, delegated: ['Presence.Read.All'] },
    act({ world, bearer, body }) {
      // Users who are not there, or are in another tenant, are left out: what happens to them is not documented.
      const found = [...new Set(body.ids.map(normalId))].flatMap((id) => world.users.find(bearer.tenantId, id) ?? [])
      const value = found.map(({ id }) => viewOf(world, id))
      return listOf('Collection(presence)', value)
    },
  }),
  onPresence('presence-get', 'GET', '', {
    needs: { application: readers, delegated: ['Presence.Read', 'Presence.Read.All'] },
    forOthers: ['Presence.Read.All'],
    act: ({ world, user }) => ({
      body: { ...contextOf(`users('${user.id}')/presence/$entity`), ...viewOf(world, user.id) },
    }),
  }),
  onPresence('presence-setpresence', 'POST', action('/setPresence'), {
    body: z.strictObject({ sessionId: text, ...shown }),
    needs: toWrite,
    act({ world, bearer, user, body }) {
      refuseOtherSession(body.sessionId, bearer.appId)
      refuseOtherPair(appPairs, body)
      const ms = body.expirationDuration ?? sessionMs.default
      if (ms < sessionMs.min || ms > sessionMs.max) throw badRequest('expirationDuration: must be from PT5M to PT4H.')
      world.presences.setSession(user.id, bearer.appId, pairOf(body), ms)
    },
  }),
  onPresence('presence-clearpresence', 'POST', action('/clearPresence'), {
    body: z.strictObject({ sessionId: text }),
    needs: toWrite,
    act({ world, bearer, user, body }) {
      refuseOtherSession(body.sessionId, bearer.appId)
      world.presences.clearSession(user.id, bearer.appId)
    },
  }),
  onPresence('presence-setuserpreferredpresence', 'POST', action('/setUserPreferredPresence'), {
    body: z.strictObject(shown),
    needs: toWrite,
    act({ world, user, body }) {
      refuseOtherPair(preferredPairs, body)
      world.presences.setPreferred(user.id, pairOf(body), body.expirationDuration ?? preferenceMs)
    },
  }),
  onPresence('presence-clearuserpreferredpresence', 'POST', action('/clearUserPreferredPresence'), {
    body: noBody,
    needs: toWrite,
    act: ({ world, user }) => world.presences.clearPreferred(user.id),
  }),
  onPresence('presence-setstatusmessage', 'POST', action('/setStatusMessage'), {
    body: z.strictObject({
      statusMessage: graphType('presenceStatusMessage', {
        message: graphType('itemBody', { content: text, contentType: z.enum(['text', 'html']).nullish() }).nullish(),
        expiryDateTime: graphType('dateTimeTimeZone', { dateTime, timeZone: text }).nullish(),
        publishedDateTime: text,
      }).nullish(),
    }),
    needs: toWrite,
    act({ world, user, body: { statusMessage } }) {
      const expiryDateTime = statusMessage?.expiryDateTime ?? null
      const message = statusMessage?.message ?? null
      const until = expiryDateTime && instantOf(expiryDateTime)
      world.presences.setStatusMessage(user.id, message && { message, expiryDateTime }, until)
    },
  }),
]

const viewOf = ({ presences }: World, userId: string) => ({
  id: userId,
  outOfOfficeSettings: { message: null, isOutOfOffice: false },
  ...presences.see(userId),
})

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
