import type { Settings } from '../settings.ts'
import type { CreateCall } from '../world/taken.ts'

const join = ['Calls.JoinGroupCall.All', 'Calls.JoinGroupCallAsGuest.All']
const groups = ['Calls.InitiateGroupCall.All', 'Calls.JoinGroupCall.All']
const sessions = ['Calls.Initiate.All', ...groups, 'Calls.JoinGroupCallAsGuest.All']

/**
 * What the pages list for each request, one of which is enough (contract: operations.json). Not here: requests whose page says that
 * permission was checked when the call was made (delete, keepAlive, playPrompt, cancelMediaProcessing, sendDtmfTones, mute, unmute, list
 * of participants), reject, which lists none, and GET of an operation, which has no page.
 */
const listed: Record<string, string[]> = {
  'call-get': ['Calls.AccessMedia.All', 'Calls.Initiate.All'],
  'call-redirect': ['Calls.Initiate.All'],
  'call-transfer': ['Calls.Initiate.All'],
  'call-recordresponse': ['Calls.AccessMedia.All'],
  'call-subscribetotone': ['Calls.AccessMedia.All'],
  'call-changescreensharingrole': ['Calls.AccessMedia.All'],
  'call-updaterecordingstatus': ['Calls.AccessMedia.All', 'Calls.JoinGroupCall.All'],
  'call-addlargegalleryview': [...groups, 'Calls.JoinGroupCallAsGuest.All'],
  'call-logteleconferencedevicequality': ['Calls.AccessMedia.All'],
  'participant-get': join,
  'participant-invite': ['Calls.InitiateGroupCall.All'],
  'participant-mute': join,
  'participant-delete': join,
  'call-list-audioroutinggroups': groups,
  'call-post-audioroutinggroups': groups,
  'audioroutinggroup-get': groups,
  'audioroutinggroup-update': groups,
  'audioroutinggroup-delete': groups,
  'call-list-contentsharingsessions': sessions,
  'contentsharingsession-get': sessions,
}

/** What only the permission catalogue asks for, where page and catalogue disagree. */
const catalogueOnly: Record<string, string[]> = {
  'call-senddtmftones': ['Calls.AccessMedia.All'],
  'participant-startholdmusic': join,
  'participant-stopholdmusic': join,
}

/** What only the newer reading asks for: Microsoft's service-hosted IVR sample claims to need none. */
const mediaOnly = ['call-recordresponse', 'call-subscribetotone']

/**
 * What a request needs: each list must be met by one of its permissions. `isGroup`: the call is, or rings for, a group call or
 * meeting. Answering a person who calls the bot directly needs none (concept page).
 */
export function permissionsFor(
  operation: string,
  body: unknown,
  { permissionReading: reading }: Pick<Settings, 'permissionReading'>,
  { isGroup = false }: { isGroup?: boolean } = {},
): string[][] {
  if (operation === 'create-call') return permissionsToCall(body as CreateCall) // the route has parsed it
  if (operation === 'call-answer') return isGroup ? [join] : []
  if (reading === 'older' && mediaOnly.includes(operation)) return []
  const needed = listed[operation] ?? (reading === 'newest' ? catalogueOnly[operation] : undefined)
  return needed ? [needed] : []
}

function permissionsToCall({ targets, meetingInfo, mediaConfig, source }: CreateCall): string[][] {
  const hostedByApp = mediaConfig['@odata.type']?.endsWith('appHostedMediaConfig')
  const use = meetingInfo
    ? source?.identity?.guest
      ? ['Calls.JoinGroupCallAsGuest.All']
      : [...join, 'Calls.JoinGroupCalls.Chat']
    : [(targets?.length ?? 0) > 1 ? 'Calls.InitiateGroupCall.All' : 'Calls.Initiate.All']
  return hostedByApp ? [use, ['Calls.AccessMedia.All']] : [use]
}
