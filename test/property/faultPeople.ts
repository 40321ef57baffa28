import type { openInProcess } from '#emulator/testing/testInProcess.ts'
import type { CallView } from '#emulator/world/views.ts'
import type { Clock } from '#ground/clock.ts'
import type { Deed, Outcome, Plan } from './faultScenario.ts'

/** The people of a run, by the emulator's control API. */

export type Ask = ReturnType<typeof openInProcess>['ask']
/** `placed` holds the plans whose call is there, or never will be. */
export type People = { ask: Ask; clock: Clock; plans: Plan[]; placed: Set<number> }

type Who = 'first' | 'second' | 'guest'
export const userOf = (plan: number, who: Who = 'first') =>
  `00000000-0000-4000-8000-0000000${['first', 'second', 'guest'].indexOf(who) + 1}000${plan}`
export const user = (plan: number, who?: Who) => ({ user: { id: userOf(plan, who) } })

/** Which of the plans a call of the emulator belongs to; -1 for none. */
export function planOf(plans: Plan[], { from, to, conversation }: CallView): number {
  const meeting = Buffer.from(conversation.meetingId ?? '', 'base64').toString()
  return plans.findIndex(
    (_, place) => [from.user?.id, to.user?.id].includes(userOf(place)) || meeting.includes(userOf(place)),
  )
}

export const emulatedCalls = async (ask: Ask) => (await ask('GET', '/emulator/calls')).body as CallView[] // the emulator's own answer

export const setPerson = (ask: Ask, id: string, { outcome, afterMs }: { outcome: Outcome; afterMs: number }) =>
  ask('POST', '/emulator/people', { id, onCall: outcome, onTransfer: outcome, afterMs })

/** What the people of this plan do, as far as the emulator lets them: too early or too late is refused. */
export async function act({ ask, plans }: People, place: number, deed: Deed['do']): Promise<void> {
  for (const call of await emulatedCalls(ask)) {
    if (planOf(plans, call) !== place || call.state === 'terminated') continue
    const at = `/emulator/calls/${call.id}`
    if (deed === 'press') await ask('POST', `${at}/tones`, { tones: '12#', gapMs: 150 })
    else if (deed === 'speak') await ask('POST', `${at}/speech`, { seconds: 1 })
    else if (call.conversation.meetingId) {
      await ask('POST', `/emulator/meetings/${encodeURIComponent(call.conversation.meetingId)}/end`)
    } else if (call.conversation.kind === 'peerToPeer') await ask('POST', `${at}/hangUp`)
    else await everybodyLeaves(ask, call)
  }
}

async function everybodyLeaves(ask: Ask, { conversation, participants }: CallView): Promise<void> {
  for (const { id, callId } of participants) {
    const one = `/emulator/conversations/${conversation.id}/participants/${id}`
    if (callId === null) await ask('POST', one, { action: 'leave' })
  }
}

/** Nobody of the people stays for ever. */
export async function leave(people: People, place: number): Promise<void> {
  const { ask, clock, plans, placed } = people
  await act(people, place, 'hangUp')
  const calls = await emulatedCalls(ask)
  const isThere = calls.some((call) => planOf(plans, call) === place && call.state !== 'terminated')
  if (isThere || !placed.has(place)) clock.after(60_000, () => void leave(people, place))
}
