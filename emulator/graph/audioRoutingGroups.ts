import * as z from 'zod'
import { dropRoute, routeAudio, routeOf } from '../world/audioRouting.ts'
import { graphType } from './bodies.ts'
import { calling, groups } from './needs.ts'
import { onCall } from './onCall.ts'
import { contextOf } from './operation.ts'

/** Routes of sound between some participants of a call. */

const audioRoutingGroup = graphType('audioRoutingGroup', {
  id: z.string().optional(),
  routingMode: z.enum(['oneToOne', 'multicast', 'unknownFutureValue']).optional(),
  sources: z.array(z.string().nullable()).optional(),
  receivers: z.array(z.string().nullable()).optional(),
})

export const audioRoutingOperations = [
  onCall({
    operation: 'call-list-audioroutinggroups',
    route: ['GET', '/audioRoutingGroups'],
    needs: calling(...groups),
    act: ({ call }) => ({
      status: 200,
      body: {
        ...contextOf(`communications/calls('${call.id}')/audioRoutingGroups`),
        value: [...call.audioRoutingGroups.values()],
      },
    }),
  }),

  onCall({
    operation: 'call-post-audioroutinggroups',
    route: ['POST', '/audioRoutingGroups'],
    body: audioRoutingGroup,
    needs: calling(...groups),
    // 200 and not 201, as the page documents.
    act: ({ call, body }) => ({ status: 200, body: routeAudio(call, body) }),
  }),

  onCall({
    operation: 'audioroutinggroup-get',
    route: ['GET', '/audioRoutingGroups/:groupId'],
    needs: calling(...groups),
    act: ({ call, params }) => ({ status: 200, body: routeOf(call, params.groupId) }),
  }),

  onCall({
    operation: 'audioroutinggroup-update',
    route: ['PATCH', '/audioRoutingGroups/:groupId'],
    body: audioRoutingGroup,
    needs: calling(...groups),
    act: ({ call, body, params }) => ({ status: 200, body: routeAudio(call, body, routeOf(call, params.groupId)) }),
  }),

  onCall({
    operation: 'audioroutinggroup-delete',
    route: ['DELETE', '/audioRoutingGroups/:groupId'],
    needs: calling(...groups),
    act({ call, params }) {
      dropRoute(call, routeOf(call, params.groupId))
      return { status: 204 }
    },
  }),
]
