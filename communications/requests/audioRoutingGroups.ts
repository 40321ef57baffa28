import type { Graph } from '../road/graph.ts'
import { inPath, limit, limitTo } from '../road/limits.ts'
import { readAudioRoutingGroup } from '../wire/read.ts'
import type { AudioRoutingGroup } from '../wire/types.ts'
import { type CallRef, callPath, end, entityIn, getOne, listFrom, type Options, onceOnly, repeatable } from './ask.ts'

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
export type AudioRoutingGroups = {
  list(call: CallRef, options?: Options): Promise<AudioRoutingGroup[]>
  get(call: CallRef, groupId: string, options?: Options): Promise<AudioRoutingGroup>
  /** Never sent twice after a failure that may hide success. */
  create(call: CallRef, group: NewAudioRoutingGroup, options?: Options): Promise<AudioRoutingGroup>
  /** The whole group, as the page does it. Documented for the receivers of `multicast`. */
  update(call: CallRef, group: NewAudioRoutingGroup, options?: Options): Promise<AudioRoutingGroup>
  /** A group that is gone already counts as deleted. */
  delete(call: CallRef, groupId: string, options?: Options): Promise<void>
}

/** The operations on a call's audio routing groups, one a function. */
export function audioRoutingGroupsOver(graph: Graph): AudioRoutingGroups {
  function pathOf(operation: string, call: CallRef, groupId?: string): string {
    const group = groupId === undefined ? '' : `/${inPath(operation, 'group', groupId)}`
    return callPath(operation, call, `/audioRoutingGroups${group}`)
  }

  return {
    async list(call, options) {
      const operation = 'audioRoutingGroups.list'
      const path = pathOf(operation, call)
      return listFrom(graph, { operation, path, tenantId: call.tenantId, ...options }, readAudioRoutingGroup)
    },

    async get(call, groupId, options) {
      const operation = 'audioRoutingGroups.get'
      const path = pathOf(operation, call, groupId)
      return getOne(graph, { operation, path, tenantId: call.tenantId, ...options }, readAudioRoutingGroup)
    },

    async create(call, group, options) {
      const operation = 'audioRoutingGroups.create'
      limitGroup(operation, group)
      const path = pathOf(operation, call)
      const { tenantId } = call
      const request = { operation, method: 'POST', path, tenantId, body: group, ...onceOnly, ...options } as const
      return entityIn(operation, await graph.send(request), readAudioRoutingGroup)
    },

    async update(call, group, options) {
      const operation = 'audioRoutingGroups.update'
      limitGroup(operation, group)
      const path = pathOf(operation, call, group.id)
      const { tenantId } = call
      const request = { operation, method: 'PATCH', path, tenantId, body: group, ...repeatable, ...options } as const
      return entityIn(operation, await graph.send(request), readAudioRoutingGroup)
    },

    async delete(call, groupId, options) {
      const operation = 'audioRoutingGroups.delete'
      return end(graph, { operation, path: pathOf(operation, call, groupId), tenantId: call.tenantId, ...options })
    },
  }
}

/**
 * limits.json: audioroutinggroup.members (beta page). Examples of two older pages show oneToOne with two receivers; the limit is kept
 * to all the same.
 */
function limitGroup(operation: string, { id, routingMode, sources, receivers }: NewAudioRoutingGroup): void {
  inPath(operation, 'group', id)
  limitTo(operation, 'routingMode', routingMode, ['oneToOne', 'multicast'])
  limit(operation, sources.length === 1, 'a group has one source')
  limit(operation, receivers.length >= 1, 'a group has at least one receiver')
  limit(operation, routingMode === 'multicast' || receivers.length === 1, 'a oneToOne group has one receiver')
}
