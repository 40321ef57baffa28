import { sameId } from '#ground/ids.ts'
import { callNotFound, refuse } from '../wire/refusal.ts'
import { calling, groups } from './needs.ts'
import { onCall } from './onCall.ts'
import { listOf } from './operation.ts'

/** Content that participants of a call share. */

const needs = calling('Calls.Initiate.All', ...groups, 'Calls.JoinGroupCallAsGuest.All')
const sessionResource = (id: string) => ({ '@odata.type': '#microsoft.graph.contentSharingSession', id })

export const contentSharingOperations = [
  onCall('call-list-contentsharingsessions', 'GET', '/contentSharingSessions', {
    needs,
    act({ call }) {
      const value = [...call.conversation.contentSharingSessions.keys()].map(sessionResource)
      return listOf(`communications/calls('${call.id}')/contentSharingSessions`, value)
    },
  }),
  onCall('contentsharingsession-get', 'GET', '/contentSharingSessions/:sessionId', {
    needs,
    act({ call, params }) {
      const id = [...call.conversation.contentSharingSessions.keys()].find((one) => sameId(one, params.sessionId))
      return { body: sessionResource(id ?? refuse(callNotFound('Content sharing session'))) }
    },
  }),
]
