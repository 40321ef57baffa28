import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Block } from '#flow/flow.ts'
import { draw, hangUp, say } from '#flow/testing/draw.ts'
import { askerOf } from './ask.ts'
import { violations } from './axe.ts'
import { browserIsHere, picture, sideways } from './browser.ts'
import { openShared, type Shared } from './product.ts'

/** A payload is declared by mouse, and a program starts a call with it over HTTP. */
describe.skipIf(!browserIsHere)('a program that starts a call', () => {
  let product: Shared
  beforeAll(async () => {
    product = await openShared()
  })
  afterAll(() => product.close())
  const ask = askerOf(() => product)
  const at = (row: number, drawn: Block): Block => ({ ...drawn, position: { x: 0, y: row * 160 } })

  it('brings what the flow has declared, once for each key, and is found in Calls', async () => {
    const blocks = { hello: at(1, say('Order ${trigger.data.order}.', { done: 'bye' })), bye: at(3, hangUp('Bye.')) }
    const { id } = (await ask('POST', '/api/flows/import', draw(blocks, { name: 'By program' }))).body
    const { page, errors, close } = await product.page()
    await page.goto(`${product.url}/flows/${id}`)
    await page
      .getByRole('application')
      .getByRole('group', { name: /Incoming call/ })
      .click()
    await page.getByRole('button', { name: 'More settings' }).click()
    await page.getByRole('button', { name: 'Add a value that it brings' }).click()
    const payload = page.getByRole('group', { name: 'What a program brings that starts a call' })
    await payload.getByRole('textbox', { name: /^Name/ }).fill('order')
    await picture(page, 'payload')
    expect(await violations(page)).toEqual([])
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await sideways(page)).toBeLessThanOrEqual(0)
    await page.setViewportSize({ width: 1440, height: 900 })
    const declared = [{ name: 'order', type: 'text', required: true }]
    const incoming = async () => (await ask('GET', `/api/flows/${id}`)).body.flow.blocks.incoming.settings.payload
    await expect.poll(incoming).toEqual(declared)

    const start = (data: object) =>
      ask('POST', `/api/v1/flows/${id}/executions`, { data }, { 'idempotency-key': 'order-4711' })
    expect(await start({})).toMatchObject({ status: 400, body: { error: { code: 'payload' } } })
    const started = await start({ order: '4711' })
    expect(started.status).toBe(202)
    expect(await start({ order: '4711' })).toEqual(started)
    const found = async () => (await ask('GET', `/api/calls?text=${started.body.id.slice(0, 8)}`)).body.calls
    await expect.poll(async () => (await found()).length).toBe(1)
    expect(errors).toEqual([])
    await close()
  })
})
