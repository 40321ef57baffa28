import { appCatalogOperations } from './appCatalog.ts'
import { audioRoutingOperations } from './audioRoutingGroups.ts'
import { callOperations } from './calls.ts'
import { contentSharingOperations } from './contentSharing.ts'
import { mediaOperations } from './media.ts'
import { meetingArtifactOperations } from './meetingArtifacts.ts'
import { onlineMeetingOperations } from './onlineMeetings.ts'
import type { Operation } from './operation.ts'
import { participantOperations } from './participants.ts'
import { presenceOperations } from './presence.ts'
import { userOperations } from './users.ts'

/** All that Graph can be asked here, by the file that says it whole. Door, README, faults and tests read this list. */
export const operationsByFile = {
  calls: callOperations,
  media: mediaOperations,
  participants: participantOperations,
  audioRoutingGroups: audioRoutingOperations,
  contentSharing: contentSharingOperations,
  onlineMeetings: onlineMeetingOperations,
  meetingArtifacts: meetingArtifactOperations,
  presence: presenceOperations,
  appCatalog: appCatalogOperations,
  users: userOperations,
} satisfies Record<string, readonly Operation[]>

/** Graph v1.0. */
export const operations: readonly Operation[] = Object.values(operationsByFile).flat()

/** What is served below /beta. None today: the client's are in requests/beta.ts. */
export const betaOperations: readonly Operation[] = []
