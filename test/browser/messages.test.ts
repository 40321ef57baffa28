import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { block, draw, hangUp, say } from '#flow/testing/draw.ts'
import { askerOf } from './ask.ts'
import { violations } from './axe.ts'
import { browserIsHere, picture, sideways } from './browser.ts'
import { openProduct, type Product } from './product.ts'

/** Voicemail as a practice has it: the switch, a caller who leaves a message, and who hears it. */
describe.skipIf(!browserIsHere)('messages', () => {
  let product: Product
  let flowId: string
  const ask = askerOf(() => product)
  const line = askerOf(() => ({ url: `${product.emulatorUrl}/emulator/calls` }))

  const mailbox = draw(
    {
      box: {
        ...block(
          'recordMessage',
          { prompt: 'Leave a message after the tone.', silenceSeconds: 1 },
          { recorded: 'thanks', noAudio: 'bye', tooShort: 'bye' },
        ),
        name: 'Leave a message',
        position: { x: 0, y: 144 },
      },
      thanks: { ...say('Thank you.', { done: 'bye' }), position: { x: 0, y: 288 } },
      bye: { ...hangUp(), position: { x: 0, y: 432 } },
    },
    { name: 'Practice' },
  )

  beforeAll(async () => {
    product = await openProduct()
    flowId = (await ask('POST', '/api/flows', { name: 'Practice', from: 'empty' })).body.id
    await ask('PUT', `/api/flows/${flowId}`, { flow: mailbox, revision: 1 })
    await ask('POST', `/api/flows/${flowId}/publish`, { revision: 2, note: '' })
    const state = async () => (await ask('GET', `/api/flows/${flowId}/publish`)).body.publishing?.state
    await vi.waitFor(async () => expect(await state()).toBe('done'), { timeout: 60_000 })
    await ask('PUT', `/api/flows/${flowId}/answers`, { called: null, on: true, take: true })
  })
  afterAll(() => product.close())

  /** Somebody calls, speaks for two seconds after the tone, and is thanked. */
  async function leavesMessage(displayName: string) {
    const from = { user: { id: crypto.randomUUID(), displayName } }
    const { id } = (await line('POST', '', { from })).body
    type Entry = { kind: string }
    const isRecorded = async () =>
      (await line('GET', `/${id}`)).body.transcript.some(({ kind }: Entry) => kind === 'recording')
    await expect.poll(isRecorded, { timeout: 20_000, interval: 50 }).toBe(true)
    await line('POST', `/${id}/speech`, { seconds: 2 })
    await line('GET', `/${id}/wait?ended=1&timeoutMs=20000`)
  }
  const messages = async () => (await ask('GET', '/api/messages')).body.messages

  it('are not kept before somebody says so, and the page says what to do', async () => {
    await leavesMessage('Nobody Keptme')
    const { page, errors, close } = await product.page()
    await page.goto(`${product.url}/messages`)
    await page.getByText('No messages yet').waitFor()
    await page.getByText('nothing of it outlives the call').waitFor()
    expect(await messages()).toEqual([])
    await picture(page, 'messages-empty-light')
    expect(await violations(page)).toEqual([])
    await page.getByRole('switch', { name: 'Keep messages' }).focus()
    await page.keyboard.press('Space')
    await page.getByText('deleted after 30 days').waitFor()
    expect((await ask('GET', '/api/messages/setting')).body).toEqual({ keeps: true, days: 30, canKeep: true })
    await page.getByRole('spinbutton', { name: 'Days that messages are kept' }).fill('0')
    await page.getByText('Write a number from 1 to 3,650.').waitFor()
    await page.getByRole('spinbutton', { name: 'Days that messages are kept' }).fill('14')
    await page.keyboard.press('Enter')
    await page.getByText('deleted after 14 days').waitFor()
    expect(errors).toEqual([])
    await close()
  })

  it('come by themselves, are heard, done with, deleted and taken back, by keyboard alone', async () => {
    const { page, errors, foreign, close } = await product.page()
    await page.goto(`${product.url}/messages`)
    await page.getByText('No messages yet').waitFor()
    await leavesMessage('Anna Berger')
    const row = page.getByRole('listitem').filter({ hasText: 'Anna Berger' })
    await row.waitFor()
    await row.getByText('Nobody has heard it yet').waitFor()
    expect(await row.textContent()).toContain('Practice')
    await page.getByRole('heading', { name: '1 to do' }).waitFor()

    await row.locator('audio').focus()
    await page.keyboard.press('Space')
    await row.getByText(/Last heard by /).waitFor()
    const duration = () => row.locator('audio').evaluate((audio: HTMLAudioElement) => audio.duration)
    await expect.poll(duration).toBeGreaterThan(1.9)
    const [heard] = await messages()
    expect(heard.listens).toMatchObject([{ by: expect.stringMatching(/\S/), at: expect.stringMatching(/^20/) }])

    await row.getByRole('button', { name: 'Done: message of Anna Berger' }).focus()
    await page.keyboard.press('Enter')
    await row.getByText(/Done by /).waitFor()
    await page.getByRole('heading', { name: 'Nothing to do' }).waitFor()
    await row.getByRole('button', { name: 'To do again: message of Anna Berger' }).click()
    await page.getByRole('heading', { name: '1 to do' }).waitFor()

    await row.getByRole('button', { name: 'Delete the message of Anna Berger' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('alertdialog').getByText('It can be taken back until tomorrow').waitFor()
    await picture(page, 'messages-delete-light')
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByText('The message of Anna Berger was deleted.').waitFor()
    await page.getByText('No messages yet').waitFor()
    await page.getByRole('button', { name: 'Restore' }).click()
    await row.waitFor()
    await page.getByText('The message of Anna Berger is back.').waitFor()
    expect([errors, foreign]).toEqual([[], []])
    await close()
  })

  describe.each(['light', 'dark', 'contrast'])('in %s', (theme) => {
    it('axe finds nothing in a list of them', async () => {
      if ((await messages()).length < 2) await leavesMessage('Bruno Ortega')
      const { page, errors, close } = await product.page()
      await page.goto(`${product.url}/messages?theme=${theme}`)
      await page.getByText('Bruno Ortega').waitFor()
      await page.waitForTimeout(500)
      await picture(page, `messages-list-${theme}`)
      expect(await violations(page)).toEqual([])
      expect(errors).toEqual([])
      await close()
    })
  })

  it.each([320, 390, 768])('nothing scrolls sideways at %i px', async (width) => {
    const { page, close } = await product.page({ width, height: 844 })
    await page.goto(`${product.url}/messages`)
    await page.getByText('Bruno Ortega').waitFor()
    await picture(page, `messages-list-${width}`)
    expect(await sideways(page)).toBeLessThanOrEqual(0)
    await close()
  })

  it('the test phone shows how long it records, speaks, and finishes', async () => {
    const { page, errors, close } = await product.page()
    await page.goto(`${product.url}/flows/${flowId}`)
    await page.getByRole('button', { name: 'Test call' }).click()
    const phone = page.getByRole('complementary', { name: 'Test call' })
    await phone.getByRole('button', { name: /^Call/ }).click()
    await phone.getByText('The flow records what you say').waitFor({ timeout: 30_000 })
    await phone.getByRole('button', { name: 'Speak for 5 s' }).click()
    await phone.getByText('You speak now').waitFor()
    await page.waitForTimeout(1_500)
    await picture(page, 'phone-recording-light')
    expect(await violations(page)).toEqual([])
    await phone.getByRole('button', { name: 'Finish' }).click()
    await phone.getByText(/^Recorded for \d+ s\.$/).waitFor()
    await phone.getByText('Thank you.').waitFor()
    expect(errors).toEqual([])
    await close()
  })
})
