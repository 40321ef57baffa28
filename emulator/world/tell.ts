import type { Call } from './call.ts'
import { legacyIncomingCall } from './notifications.ts'
import type { World } from './world.ts'

/**
 * Sends a notification of the call to where its bot wants them. Resolves to the bot's status, null for none. `onAnswer` is given the
 * body of the answer once the bot took it.
 */
export const tell = (
  { delivery }: World,
  call: Call,
  notification: unknown,
  onAnswer?: (text: string) => void,
): Promise<number | null> =>
  delivery.post(call, call.terms.callbackUri, notification, { onAnswer, oldForm: () => legacyIncomingCall(call) })
