import * as z from 'zod'
import { sameId } from '#ground/ids.ts'
import type { App } from '../settings.ts'
import { Refusal } from '../wire/refusal.ts'
import { type Call, hasEnded } from '../world/call.ts'
import { findCall } from '../world/calls.ts'
import type { Meeting, Meetings } from '../world/meetings.ts'
import type { World } from '../world/world.ts'

/** What the addresses and bodies of the control API name. What looks for it throws a Refusal 404 where it is not there. */

export const named = z.strictObject({ id: z.string().min(1), displayName: z.string().optional() })
export const user = z.strictObject({ user: named })
export const phone = z.strictObject({
  phone: z.string().regex(/^\+[1-9]\d{4,14}$/, 'must be E.164, e.g. +14255550123'),
})
/** What somebody does whose telephone rings, or to whom a call is transferred. */
export const decided = z.strictObject({ outcome: z.enum(['accept', 'decline', 'noAnswer']) })

/** Never returns. `next` says where to look. */
export function refuseUnknown(code: string, message: string, next: string): never {
  throw new Refusal(404, code, message, { next })
}

export const callOf = (world: World, id: string): Call =>
  findCall(world, id) ?? refuseUnknown('callNotFound', 'There is no such call.', 'GET /emulator/calls lists the calls.')

/** As `callOf`; a Refusal 409 for one that has ended. */
export function liveCallOf(world: World, id: string): Call {
  const call = callOf(world, id)
  if (!hasEnded(call) && call.state !== 'terminating') return call
  throw new Refusal(409, 'callEnded', 'The call has ended.', { next: 'Place another one.' })
}

export const meetingOf = (meetings: Meetings, id: string): Meeting =>
  meetings.find(id) ??
  refuseUnknown('meetingNotFound', 'There is no such meeting.', 'GET /emulator/meetings lists them.')

/** The first app where none is named. */
export const appOf = (apps: readonly App[], appId: string | undefined): App =>
  apps.find((one) => appId === undefined || sameId(one.appId, appId)) ??
  refuseUnknown('appNotFound', 'There is no such app.', 'Use the app id that the emulator was started with.')
