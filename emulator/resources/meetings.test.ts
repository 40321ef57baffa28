import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { realClock } from '#communications/clock.ts'
import { parseJoinUrl } from '#communications/joinUrl.ts'
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
