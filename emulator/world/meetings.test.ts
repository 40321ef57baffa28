import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { parseJoinUrl } from '#communications/requests/joinUrl.ts'
import { realClock } from '#ground/clock.ts'
import { createUsers } from '../wire/users.ts'
import { createMeetings } from './meetings.ts'

it('gives every meeting a link that leads to it', () => {
  const meetings = createMeetings(realClock)
  for (let count = 0; count < 100; count += 1) {
    const organizer = { id: randomUUID(), displayName: null }
    const { joinWebUrl, threadId, tenantId } = meetings.create({ tenantId: randomUUID(), organizer })
    expect(parseJoinUrl(joinWebUrl)).toMatchObject({
      tenantId,
      chatInfo: { threadId },
      meetingInfo: { organizer: { user: { id: organizer.id } } },
    })
  }
})

it('no longer shows a meeting that was withdrawn, but knows it while people are in it', () => {
  const meetings = createMeetings(realClock)
  const asked = {
    tenantId: randomUUID(),
    organizer: { id: randomUUID(), displayName: null },
    threadId: '19:a@thread.v2',
  }
  const meeting = meetings.create(asked)
  meetings.withdraw(meeting.id)
  expect(meetings.list()).toEqual([])
  for (const address of [
    { threadId: meeting.threadId },
    { joinMeetingId: meeting.joinMeetingId },
    { token: meeting.token },
  ]) {
    expect(meetings.at(address)).toBeUndefined()
  }
  expect(meetings.find(meeting.id)).toBe(meeting)
  expect(meetings.isWithdrawn(meeting.id)).toBe(true)
  // Its id is made of chat and organizer: another meeting of these is there again.
  expect(meetings.create(asked).id).toBe(meeting.id)
  expect(meetings.list()).toHaveLength(1)
  meetings.remove(meeting.id)
  expect(meetings.find(meeting.id)).toBeUndefined()
})

it('knows users by name in any tenant that means the same', () => {
  const users = createUsers()
  const tenantId = randomUUID()
  const user = {
    id: randomUUID(),
    tenantId,
    displayName: null,
    userPrincipalName: 'ann@contoso.com',
    mail: null,
    hasApplicationAccessPolicy: true,
    consents: [],
  }
  users.put(user)
  expect(users.find(tenantId.toUpperCase(), 'Ann@contoso.com')).toBe(user)
  expect(users.find(tenantId.replaceAll('-', ''), user.id.toUpperCase())).toBe(user)
  expect(users.find(randomUUID(), 'ann@contoso.com')).toBeUndefined()
})
