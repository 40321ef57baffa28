import { randomUUID } from 'node:crypto'
import { sameId } from '#ground/ids.ts'
import { callNotFound, Refusal } from '../wire/refusal.ts'
import type { AudioRoutingGroup, Call } from './call.ts'
import { participantOf } from './conversation.ts'
import type { RoutedAudio } from './taken.ts'

/** Routes of sound between some participants of a call. They are kept and checked, and change nothing that can be heard. */

/** Throws a Refusal 404. */
export function routeOf({ audioRoutingGroups }: Call, id: string): AudioRoutingGroup {
  const group = audioRoutingGroups.get(id) ?? [...audioRoutingGroups.values()].find((one) => sameId(one.id, id))
  if (group) return group
  throw callNotFound('Audio routing group')
}

/** Makes a route, or changes a known one. Throws a Refusal for one that cannot be. */
export function routeAudio(call: Call, body: RoutedAudio, known?: AudioRoutingGroup): AudioRoutingGroup {
  const ids = (list: RoutedAudio['sources'], before: string[] = []) => list?.filter((id) => id !== null) ?? before
  const group: AudioRoutingGroup = {
    id: known?.id ?? body.id ?? randomUUID(),
    routingMode:
      (body.routingMode === 'unknownFutureValue' ? undefined : body.routingMode) ?? known?.routingMode ?? 'oneToOne',
    sources: ids(body.sources, known?.sources),
    receivers: ids(body.receivers, known?.receivers),
  }
  const oneReceiver = group.receivers.length === 1
  const right =
    group.sources.length === 1 && (group.routingMode === 'oneToOne' ? oneReceiver : group.receivers.length > 0)
  // The limits are documented on the beta page; the update example of that page widens a oneToOne group, so that is let pass.
  if (!right && !known)
    throw new Refusal(400, '8523', 'sources, receivers: one source, and as many receivers as the mode says.')
  for (const id of [...group.sources, ...group.receivers]) participantOf(call, id)
  if (!known && call.audioRoutingGroups.has(group.id)) {
    throw new Refusal(409, '8519', 'An audio routing group of that id exists.')
  }
  call.audioRoutingGroups.set(group.id, group)
  return group
}

export const dropRoute = ({ audioRoutingGroups }: Call, { id }: AudioRoutingGroup): void =>
  void audioRoutingGroups.delete(id)

/** Who left is in no route any more; a route without a source or a receiver is none. */
export function dropFromRoutes({ audioRoutingGroups }: Call, participantId: string): void {
  for (const [id, group] of audioRoutingGroups) {
    group.sources = group.sources.filter((one) => !sameId(one, participantId))
    group.receivers = group.receivers.filter((one) => !sameId(one, participantId))
    if (group.sources.length === 0 || group.receivers.length === 0) audioRoutingGroups.delete(id)
  }
}
