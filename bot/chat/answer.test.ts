import { expect, it } from 'vitest'
import { createAnswer } from './answer.ts'

const message = {
  type: 'message',
  channelId: 'msteams' as const,
  serviceUrl: 'https://smba.trafficmanager.net/emea/',
  conversation: { id: 'c' },
}

/** What it answers where so many numbers are answered. */
async function answerWith(count: number): Promise<string> {
  const answering = async () =>
    Array.from({ length: count }, (_, n) => ({ called: `+1425555${1_000 + n}`, flow: 'F'.repeat(100), version: 7 }))
  const [text = ''] = await createAnswer({ answering, designerUrl: null })(message)
  return text
}

it('says what answers each number, and of very many how many more there are', async () => {
  expect(await answerWith(50)).toMatch(/\+14255551049[\s\S]*version 7$/)
  expect(await answerWith(51)).toMatch(/\n\nAnd one more\.$/)
  expect(await answerWith(3_000)).toMatch(/\n\nAnd 2950 more\.$/)
})

// As long as what Teams sends us may be (activity.ts).
it('is never longer than a message of Teams may be', async () => {
  expect(Buffer.byteLength(await answerWith(3_000))).toBeLessThan(28_000)
})
