import { inPath, limit, limitTo } from '../road/limits.ts'
import { readAudioRoutingGroup } from '../wire/read.ts'
import { each, ended, onceOnly, one, repeatable } from './ask.ts'
import { body, type Methods, onCall } from './operation.ts'

/** A group to be made or changed: one source and one receiver (`oneToOne`), or one source and several (`multicast`). */
export type NewAudioRoutingGroup = {
  id: string
  routingMode: 'oneToOne' | 'multicast'
  /** Ids of participants. */
  sources: string[]
  receivers: string[]
}

/**
 * Who hears whom in a meeting: private audio between participants, through the bot. Of many groups only the four loudest speakers are
 * heard. Every method throws GraphError; requests that break a documented limit are refused before sending, with code `badRequest`.
 */
export type AudioRoutingGroups = Methods<typeof audioRoutingGroups>

const groups = '/audioRoutingGroups'

export const audioRoutingGroups = {
  list: onCall('GET', groups, repeatable, each(readAudioRoutingGroup)),
  get: onCall('GET', `${groups}/{group}`, repeatable, one(readAudioRoutingGroup)),
  /** Never sent twice after a failure that may hide success. */
  create: onCall('POST', groups, onceOnly, one(readAudioRoutingGroup), body(groupBody)),
  /** The whole group, as the page does it. Documented for the receivers of `multicast`. */
  update: onCall('PATCH', groups, repeatable, one(readAudioRoutingGroup), (group: NewAudioRoutingGroup, operation) => ({
    body: groupBody(group, operation),
    below: `/${inPath(operation, 'group', group.id)}`,
  })),
  /** A group that is gone already counts as deleted. */
  delete: onCall('DELETE', `${groups}/{group}`, repeatable, ended),
}

/**
 * limits.json: audioroutinggroup.members (beta page). Examples of two older pages show oneToOne with two receivers; the limit is kept
 * to all the same.
 */
function groupBody(group: NewAudioRoutingGroup, operation: string): NewAudioRoutingGroup {
  const { id, routingMode, sources, receivers } = group
  inPath(operation, 'group', id)
  limitTo(operation, 'routingMode', routingMode, ['oneToOne', 'multicast'])
  limit(operation, sources.length === 1, 'a group has one source')
  limit(operation, receivers.length >= 1, 'a group has at least one receiver')
  limit(operation, routingMode === 'multicast' || receivers.length === 1, 'a oneToOne group has one receiver')
  return group
}
