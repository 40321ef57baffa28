import * as z from 'zod'
import { routingModes } from '#communications/wire/enums.ts'
import { dropRoute, routeAudio, routeOf } from '../world/audioRouting.ts'
import { graphType } from './bodies.ts'
import { calling, groups } from './needs.ts'
import { onCall } from './onCall.ts'
import { listOf } from './operation.ts'

/** Routes of sound between some participants of a call. */

const audioRoutingGroup = graphType('audioRoutingGroup', {
  id: z.string().optional(),
  routingMode: z.enum(routingModes).optional(),
  sources: z.array(z.string().nullable()).optional(),
  receivers: z.array(z.string().nullable()).optional(),
})

export const audioRoutingOperations = [
  onCall('call-list-audioroutinggroups', 'GET', '/audioRoutingGroups', {
    needs: calling(...groups),
    act: ({ call }) =>
      listOf(`communications/calls('${call.id}')/audioRoutingGroups`, [...call.audioRoutingGroups.values()]),
  }),
  onCall('call-post-audioroutinggroups', 'POST', '/audioRoutingGroups', {
    body: audioRoutingGroup,
    needs: calling(...groups),
    // 200 and not 201, as the page documents.
    act: ({ call, body }) => ({ body: routeAudio(call, body) }),
  }),
  onCall('audioroutinggroup-get', 'GET', '/audioRoutingGroups/:groupId', {
    needs: calling(...groups),
    act: ({ call, params }) => ({ body: routeOf(call, params.groupId) }),
  }),
  onCall('audioroutinggroup-update', 'PATCH', '/audioRoutingGroups/:groupId', {
    body: audioRoutingGroup,
    needs: calling(...groups),
    act: ({ call, body, params }) => ({ body: routeAudio(call, body, routeOf(call, params.groupId)) }),
  }),
  onCall('audioroutinggroup-delete', 'DELETE', '/audioRoutingGroups/:groupId', {
    needs: calling(...groups),
    status: 204,
    act: ({ call, params }) => dropRoute(call, routeOf(call, params.groupId)),
  }),
]
