import type { CreateCallBody } from './bodies.ts'
import type { Settings } from './settings.ts'

/** A caller is shown in clear to apps that hold one of these, encrypted to the others (call-answer page). */
const showCaller = [
  'Calls.AccessMedia.All',
  'Calls.Initiate.All',
  'Calls.InitiateGroupCall.All',
  'Calls.JoinGroupCall.All',
  'Calls.JoinGroupCallAsGuest.All',
]

export const mayKnowCaller = (permissions: readonly string[]): boolean =>
  showCaller.some((permission) => permissions.includes(permission))

/**
 * What a request needs: each list must be met by one of its permissions. Most pages say that permission is checked when the call is
 * made and not on each request, so most operations are not here. Answering a person who calls the bot directly needs none.
 */
export function permissionsFor(operation: string, body: unknown, reading: Settings['permissionReading']): string[][] {
  switch (operation) {
    case 'create-call':
      return permissionsToCall(body as CreateCallBody) // the route has parsed it with createCallBody
    case 'call-transfer':
      return [['Calls.Initiate.All']]
    case 'call-subscribetotone':
      return reading === 'newest' ? [['Calls.AccessMedia.All']] : []
    default:
      return []
  }
}

function permissionsToCall({ targets, meetingInfo, mediaConfig }: CreateCallBody): string[][] {
  const hostedByApp = mediaConfig['@odata.type']?.endsWith('appHostedMediaConfig')
  const use = meetingInfo
    ? ['Calls.JoinGroupCall.All', 'Calls.JoinGroupCallAsGuest.All', 'Calls.JoinGroupCalls.Chat']
    : [(targets?.length ?? 0) > 1 ? 'Calls.InitiateGroupCall.All' : 'Calls.Initiate.All']
  return hostedByApp ? [use, ['Calls.AccessMedia.All']] : [use]
}
