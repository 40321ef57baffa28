import type { Graph } from '../road/graph.ts'
import { inPath } from '../road/limits.ts'
import { readContentSharingSession } from '../wire/read.ts'
import type { ContentSharingSession } from '../wire/types.ts'
import { type CallRef, callPath, getOne, listFrom, type Options } from './ask.ts'

/**
 * What is being shown in a call. News of it comes only when the call was created or answered with
 * `callOptions.isContentSharingNotificationEnabled`. Every method throws GraphError.
 */
export type ContentSharingSessions = {
  list(call: CallRef, options?: Options): Promise<ContentSharingSession[]>
  get(call: CallRef, sessionId: string, options?: Options): Promise<ContentSharingSession>
}

export function contentSharingSessionsOver(graph: Graph): ContentSharingSessions {
  return {
    async list(call, options) {
      const operation = 'contentSharingSessions.list'
      const path = callPath(operation, call, '/contentSharingSessions')
      return listFrom(graph, { operation, path, tenantId: call.tenantId, ...options }, readContentSharingSession)
    },

    async get(call, sessionId, options) {
      const operation = 'contentSharingSessions.get'
      const path = callPath(operation, call, `/contentSharingSessions/${inPath(operation, 'session', sessionId)}`)
      return getOne(graph, { operation, path, tenantId: call.tenantId, ...options }, readContentSharingSession)
    },
  }
}
