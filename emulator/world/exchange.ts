import { hangUp } from './answer.ts'
import { callsIn, findCall, listCalls, listConversations } from './calls.ts'
import { admit, endMeeting, leave, ofMeeting, personJoins } from './conversations.ts'
import { placeIncoming } from './dial.ts'
import { setMuted } from './participants.ts'
import { callerHangsUp, personAdds, press } from './person.ts'
import { startSharing, stopSharing } from './sharing.ts'
import { speak } from './speech.ts'
import { decideTransfer } from './transfers.ts'
import type { World } from './world.ts'

/** The world as the people in it handle it: what the control API and scripts do. */
export type Exchange = ReturnType<typeof createExchange>

export function createExchange(world: World) {
  const of =
    <Rest extends unknown[], Result>(act: (world: World, ...rest: Rest) => Result) =>
    (...rest: Rest): Result =>
      act(world, ...rest)
  return {
    find: of(findCall),
    list: of(listCalls),
    callsIn: of(callsIn),
    conversationList: of(listConversations),
    conversation: (id: string) => listConversations(world).find((one) => one.id === id),
    placeIncoming: of(placeIncoming),
    hangUp: of(hangUp),
    callerHangsUp: of(callerHangsUp),
    personAdds: of(personAdds),
    press: of(press),
    decideTransfer,
    conversations: {
      ofMeeting: of(ofMeeting),
      personJoins: of(personJoins),
      endMeeting: of(endMeeting),
      leave: of(leave),
      admit: of(admit),
      personMutes: of(setMuted),
      startSharing: of(startSharing),
      stopSharing: of(stopSharing),
      speak: of(speak),
    },
  }
}
