import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { frontDesk } from '#flow/sample.ts'
import { openTelephone, type Telephone } from './telephone.ts'

let telephone: Telephone

beforeAll(async () => {
  telephone = await openTelephone(inject('postgresUrl'))
})
afterAll(() => telephone.close())

/** What the bot replies to a message that was signed and posted as Teams does it. */
async function replies(text: string): Promise<string[]> {
  const answer = await telephone.control<{ status: number; replies: { text: string }[] }>('POST', '/messages', { text })
  expect(answer.status).toBe(200)
  return answer.replies.map((reply) => reply.text)
}

it('says that nothing answers calls yet', async () => {
  const [said] = await replies('help')
  expect(said).toContain('I answer calls')
  expect(said).toContain('No flow is published yet')
})

it('says which flow answers calls', async () => {
  await telephone.publish(frontDesk)
  const [said] = await replies('flows')
  expect(said).toContain('Callers hear **Front desk**, version 1.')
})
