import { readContentSharingSession } from '../wire/read.ts'
import { each, one, repeatable } from './ask.ts'
import { type Methods, onCall } from './operation.ts'

/**
 * What is being shown in a call. News of it comes only when the call was created or answered with
 * `callOptions.isContentSharingNotificationEnabled`. Every method throws GraphError.
 */
export type ContentSharingSessions = Methods<typeof contentSharingSessions>

const sessions = '/contentSharingSessions'

export const contentSharingSessions = {
  list: onCall('GET', sessions, repeatable, each(readContentSharingSession)),
  get: onCall('GET', `${sessions}/{session}`, repeatable, one(readContentSharingSession)),
}
