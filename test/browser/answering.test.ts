import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Flow } from '#flow/flow.ts'
import { block, hangUp, rings, say } from '#flow/testing/draw.ts'
import { askerOf } from './ask.ts'
import { violations } from './axe.ts'
import { browserIsHere, picture, sideways } from './browser.ts'
import { openProduct, type Product } from './product.ts'

/** Side by side, so that each can be clicked. */
const spread = (flow: Flow): Flow => ({
  ...flow,
  blocks: Object.fromEntries(
    Object.entries(flow.blocks).map(([id, one], n) => [
      id,
      { ...one, position: { x: (n % 4) * 320, y: n < 4 ? 0 : 240 } },
    ]),
  ),
})

/** Two that ring at once, and a call that is answered or turned away. */
const desk = spread(
  rings(
    {
      pause: block('wait', { seconds: 3 }, { done: 'take' }),
      take: block('answer', {}, { next: 'hello' }),
      hello: say('Hello.', { done: 'bye' }),
      bye: hangUp(),
      no: block('reject'),
      on: block('redirect', {
        targets: [
          { kind: 'person', id: 'b1f5a3d2-7c1e-4b8e-9a55-0c1d2e3f4a5b', name: 'Adele Vance' },
          { kind: 'number', id: '+49 30 5550 0142', name: '' },
        ],
      }),
    },
    { name: 'Rings first' },
  ),
)

describe.skipIf(!browserIsHere)('blocks before the answer', () => {
  let product: Product
  let flowId: string
  const ask = askerOf(() => product)
  beforeAll(async () => {
    product = await openProduct()
    const made = (await ask('POST', '/api/flows', { name: desk.name, from: 'empty' })).body
    flowId = made.id
    const { revision } = (await ask('GET', `/api/flows/${flowId}`)).body
    expect((await ask('PUT', `/api/flows/${flowId}`, { flow: desk, revision })).status).toBe(200)
  })
  afterAll(() => product.close())

  const opened = async (theme: string) => {
    const all = await product.page()
    await all.page.goto(`${product.url}/flows/${flowId}?theme=${theme}`)
    const choose = async (name: RegExp) => {
      await all.page.getByRole('application').getByRole('group', { name }).click()
    }
    return { ...all, choose }
  }

  it.each(['light', 'dark', 'contrast'])('have settings in which axe finds nothing, in %s', async (theme) => {
    const { page, choose, errors, close } = await opened(theme)
    await choose(/incomingCall/)
    await page.getByRole('switch', { name: 'Answers at once' }).waitFor()
    await page.getByLabel('If it still rings after 12 seconds').waitFor()
    await picture(page, `answering-incoming-${theme}`)
    expect(await violations(page)).toEqual([])
    await choose(/redirect/)
    await page.getByText('Target 2').waitFor()
    await picture(page, `answering-redirect-${theme}`)
    expect(await violations(page)).toEqual([])
    expect(errors).toEqual([])
    await close()
  })

  it('are filled in by hand: a target added, made a queue, and removed', async () => {
    const { page, choose, close } = await opened('light')
    await choose(/redirect/)
    await page.getByRole('button', { name: 'Add a target' }).click()
    await page.getByText('Target 3').waitFor()
    await page.getByLabel('Kind').last().selectOption('Queue or attendant')
    await page
      .getByText(/is not an object id|is still empty/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Remove target 3' }).click()
    await page.getByText('Target 3').waitFor({ state: 'detached' })
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await sideways(page)).toBe(0)
    await picture(page, 'answering-redirect-390')
    await close()
  })

  it('ring, are answered and heard at the test phone', async () => {
    const { page, close } = await opened('light')
    await page.getByRole('button', { name: 'Test call' }).click()
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    const phone = page.getByRole('complementary', { name: 'Test call' })
    await phone.getByText('Ringing').first().waitFor()
    await phone.getByText('Hello.').waitFor({ timeout: 20_000 })
    await phone.getByText('The flow hung up.').waitFor({ timeout: 20_000 })
    await picture(page, 'answering-phone')
    await close()
  })
})
