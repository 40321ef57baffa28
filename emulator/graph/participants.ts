import * as z from 'zod'
import { screenSharingRoles } from '#communications/wire/enums.ts'
import { participantOf, participantResource, rosterFor } from '../world/conversation.ts'
import { invite } from '../world/invitations.ts'
import {
  addLargeGalleryView,
  changeScreenSharingRole,
  holdMusic,
  muteParticipant,
  muteSelf,
  removeParticipant,
  updateRecordingStatus,
} from '../world/participants.ts'
import { clientContext, contextOnly, invitationParticipantInfo, prompt } from './bodies.ts'
import { calling, callingAsNewest, groups, join } from './needs.ts'
import { onCall, operationOf } from './onCall.ts'
import { action, listOf } from './operation.ts'

/** Who is in a call, and the bot itself as one of them. */

export const participantOperations = [
  onCall('call-list-participants', 'GET', '/participants', {
    inLobby: true,
    act({ call }) {
      const value = rosterFor(call).map((one) => participantResource(one))
      return listOf(`communications/calls('${call.id}')/participants`, value)
    },
  }),
  onCall('participant-get', 'GET', '/participants/:participantId', {
    needs: calling(...join),
    inLobby: true,
    act: ({ call, params }) => ({ body: participantResource(participantOf(call, params.participantId)) }),
  }),
  onCall('participant-invite', 'POST', action('/participants/invite'), {
    body: z.strictObject({ participants: z.array(invitationParticipantInfo).min(1).max(5), clientContext }),
    needs: calling('Calls.InitiateGroupCall.All'),
    // Its examples have no Location.
    act: ({ world, call, body }) => ({ body: invite(world, call, body) }),
  }),
  onCall('participant-mute', 'POST', action('/participants/:participantId/mute'), {
    body: contextOnly,
    needs: calling(...join),
    groupOnly: true,
    act: ({ world, call, body, params }) =>
      operationOf(call, muteParticipant(world, call, params.participantId, body.clientContext)),
  }),
  onCall('participant-delete', 'DELETE', '/participants/:participantId', {
    needs: calling(...join),
    status: 204,
    act: ({ world, call, params }) => removeParticipant(world, call, params.participantId),
  }),
  onCall('participant-startholdmusic', 'POST', action('/participants/:participantId/startHoldMusic'), {
    body: z.strictObject({ customPrompt: prompt.nullish(), clientContext }),
    needs: callingAsNewest(...join),
    status: 202,
    act: ({ world, call, body, params }) =>
      operationOf(call, holdMusic(world, call, params.participantId, { ...body, on: true })),
  }),
  onCall('participant-stopholdmusic', 'POST', action('/participants/:participantId/stopHoldMusic'), {
    body: contextOnly,
    needs: callingAsNewest(...join),
    status: 202,
    act: ({ world, call, body, params }) =>
      operationOf(call, holdMusic(world, call, params.participantId, { ...body, on: false })),
  }),
  onCall('call-mute', 'POST', action('/mute'), {
    body: contextOnly,
    groupOnly: true,
    act: ({ world, call, body }) => operationOf(call, muteSelf(world, call, true, body.clientContext)),
  }),
  onCall('call-unmute', 'POST', action('/unmute'), {
    body: contextOnly,
    groupOnly: true,
    act: ({ world, call, body }) => operationOf(call, muteSelf(world, call, false, body.clientContext)),
  }),
  onCall('call-changescreensharingrole', 'POST', action('/changeScreenSharingRole'), {
    body: z.strictObject({ role: z.enum(screenSharingRoles) }),
    needs: calling('Calls.AccessMedia.All'),
    media: 'appHosted',
    groupOnly: true,
    status: 202,
    act: ({ world, call, body }) => changeScreenSharingRole(world, call, body.role),
  }),
  onCall('call-updaterecordingstatus', 'POST', action('/updateRecordingStatus'), {
    body: z.strictObject({ status: z.enum(['notRecording', 'recording', 'failed']), clientContext }),
    needs: calling('Calls.AccessMedia.All', 'Calls.JoinGroupCall.All'),
    act: ({ world, call, body }) =>
      operationOf(call, updateRecordingStatus(world, call, body.status, body.clientContext)),
  }),
  onCall('call-addlargegalleryview', 'POST', action('/addLargeGalleryView'), {
    body: contextOnly,
    needs: calling(...groups, 'Calls.JoinGroupCallAsGuest.All'),
    status: 202,
    act: ({ world, call, body }) => operationOf(call, addLargeGalleryView(world, call, body.clientContext)),
  }),
]
