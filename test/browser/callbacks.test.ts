import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { block, draw, hangUp } from '#flow/testing/draw.ts'
import { askerOf } from './ask.ts'
import { violations } from './axe.ts'
import { browserIsHere, picture, sideways } from './browser.ts'
import { openProduct, type Product } from './product.ts'

/** Callbacks as a practice has them: callers who ask, and whoever calls them back. */
describe.skipIf(!browserIsHere)('callbacks', () => {
  let product: Product
  const ask = askerOf(() => product)
  const line = askerOf(() => ({ url: `${product.emulatorUrl}/emulator/calls` }))

  beforeAll(async () => {
    product = await openProduct()
    const noted = { reason: 'Wants an appointment, and asks for the doctor', minutes: 0, owner: '' }
    const practice = draw(
      {
        note: {
          ...block('createCallback', noted, { created: 'bye', noNumber: 'bye' }),
          name: 'Note it',
          position: { x: 0, y: 144 },
        },
        bye: { ...hangUp('We call you back.'), position: { x: 0, y: 288 } },
      },
      { name: 'Practice' },
    )
    const flowId = (await ask('POST', '/api/flows', { name: 'Practice', from: 'empty' })).body.id
    await ask('PUT', `/api/flows/${flowId}`, { flow: practice, revision: 1 })
    await ask('POST', `/api/flows/${flowId}/publish`, { revision: 2, note: '' })
    const state = async () => (await ask('GET', `/api/flows/${flowId}/publish`)).body.publishing?.state
    await vi.waitFor(async () => expect(await state()).toBe('done'), { timeout: 60_000 })
    await ask('PUT', `/api/flows/${flowId}/answers`, { called: null, on: true, take: true })
  })
  afterAll(() => product.close())

  async function calls(phone: string) {
    const { id } = (await line('POST', '', { from: { phone } })).body
    await line('GET', `/${id}/wait?ended=1&timeoutMs=20000`)
  }
  const callbacks = async () => (await ask('GET', '/api/callbacks')).body

  it('come by themselves, are taken, given back, done and to be done again, by keyboard alone', async () => {
    const { page, errors, foreign, close } = await product.page()
    await page.goto(`${product.url}/messages`)
    await page.getByText('No messages yet').waitFor()
    await calls('+4930555014')
    const row = page.getByRole('listitem').filter({ hasText: '+4930555014' })
    await row.waitFor()
    await page.getByRole('heading', { name: '1 to call back' }).waitFor()
    await row.getByText('Wants an appointment').waitFor()
    await row.getByText('By nobody yet').waitFor()
    const press = async (name: string) => {
      await row.getByRole('button', { name: `${name}: callback to +4930555014` }).focus()
      await page.keyboard.press('Enter')
    }
    await press('Take')
    await row.getByText('By Local user').waitFor()
    await press('Give back')
    await row.getByText('By nobody yet').waitFor()
    await press('Done')
    await row.getByText(/Called by Local user, Today/).waitFor()
    await page.getByRole('heading', { name: 'Nobody to call back' }).waitFor()
    expect(await callbacks()).toMatchObject({ open: 0, callbacks: [{ done: { by: 'Local user' } }] })
    await press('To do again')
    await page.getByRole('heading', { name: '1 to call back' }).waitFor()
    expect([errors, foreign]).toEqual([[], []])
    await close()
  })

  it('refuses what is no change, and a callback that is not there', async () => {
    const [{ id }] = (await callbacks()).callbacks
    expect((await ask('PATCH', `/api/callbacks/${id}`, { done: 1 })).status).toBe(400)
    expect((await ask('PATCH', `/api/callbacks/${crypto.randomUUID()}`, { done: true })).status).toBe(404)
  })

  it.each(['light', 'dark', 'contrast'])('axe finds nothing in %s', async (theme) => {
    if ((await callbacks()).callbacks.length < 2) {
      await calls('+14255550123')
      const [{ id }] = (await callbacks()).callbacks
      await ask('PATCH', `/api/callbacks/${id}`, { done: true })
    }
    const { page, errors, close } = await product.page()
    await page.goto(`${product.url}/messages?theme=${theme}`)
    await page.getByText(/^Overdue: /).waitFor()
    await page.waitForTimeout(500)
    await picture(page, `callbacks-${theme}`)
    expect(await violations(page)).toEqual([])
    expect(errors).toEqual([])
    await close()
  })

  it.each([320, 390, 768])('nothing scrolls sideways at %i px', async (width) => {
    const { page, close } = await product.page({ width, height: 844 })
    await page.goto(`${product.url}/messages`)
    await page.getByText(/^Overdue: /).waitFor()
    await picture(page, `callbacks-${width}`)
    expect(await sideways(page)).toBeLessThanOrEqual(0)
    await close()
  })
})
