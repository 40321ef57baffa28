import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Flow } from '#flow/flow.ts'
import { draw, hangUp, menu } from '#flow/testing/draw.ts'
import { askerOf } from './ask.ts'
import { violations } from './axe.ts'
import { browserIsHere, picture, sideways } from './browser.ts'
import { atThePhone } from './byMouse.ts'
import { openShared, type Shared } from './product.ts'

const spread = (flow: Flow): Flow => ({
  ...flow,
  blocks: Object.fromEntries(
    Object.entries(flow.blocks).map(([id, one], n) => [id, { ...one, name: id, position: { x: n * 320, y: 0 } }]),
  ),
})
const desk = (name: string) =>
  spread(
    draw(
      {
        Languages: menu('1', { '1': 'Topics' }, { prompt: 'For English, press 1.' }),
        Topics: menu('1', { '1': 'End' }, { prompt: 'For sales, press 1.' }),
        End: hangUp('Goodbye.'),
      },
      { name },
    ),
  )

describe.skipIf(!browserIsHere)('keys that work anywhere', () => {
  let product: Shared
  const ask = askerOf(() => product)
  beforeAll(async () => {
    product = await openShared()
  })
  afterAll(() => product.close())

  it.each(['light', 'dark', 'contrast'])('are put in, kept to some blocks, and heard, in %s', async (theme) => {
    const { id } = (await ask('POST', '/api/flows/import', desk(`Anywhere ${theme}`))).body
    const { page, errors, close } = await product.page()
    await page.goto(`${product.url}/flows/${id}?theme=${theme}`)
    await page.getByRole('navigation', { name: 'Blocks' }).getByRole('button', { name: 'Keys anywhere' }).click()
    const settings = page.getByRole('complementary')
    await settings.getByRole('textbox', { name: 'Meaning of key 0' }).fill('Out')
    await settings.getByRole('combobox', { name: 'Key 0 goes to' }).selectOption({ label: 'End' })
    await settings.getByRole('combobox', { name: /^They work/ }).selectOption({ label: 'At these blocks only' })
    const blocks = settings.getByRole('group', { name: 'Blocks' })
    expect(await blocks.getByRole('checkbox').count()).toBe(2)
    await blocks.getByRole('checkbox', { name: 'Topics' }).check()
    await expect.poll(() => page.getByRole('region', { name: 'Problems' }).textContent()).toContain('No problems')
    await page.waitForTimeout(500)
    await picture(page, `keys-anywhere-${theme}`)
    expect(await violations(page)).toEqual([])

    const { calls, hears, presses } = atThePhone(page)
    await calls()
    await hears('For English, press 1.')
    await presses('0')
    await hears('Wrong key. Asking again.')
    await presses('1')
    await hears('For sales, press 1.')
    await presses('0')
    await hears('Goodbye.')
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await sideways(page)).toBe(0)
    expect(errors).toEqual([])
    await close()
  })

  it('fit 390 px', async () => {
    const { id } = (await ask('POST', '/api/flows/import', desk('Anywhere small'))).body
    const { page, close } = await product.page({ width: 390, height: 844 })
    await page.goto(`${product.url}/flows/${id}`)
    await page.getByRole('button', { name: 'Add block' }).click()
    await page.getByRole('button', { name: 'Keys anywhere' }).click()
    await page.getByRole('combobox', { name: /^They work/ }).selectOption({ label: 'Everywhere but at these blocks' })
    await page.getByRole('checkbox', { name: 'Topics' }).check()
    await page.waitForTimeout(500)
    await picture(page, 'keys-anywhere-390')
    expect(await sideways(page)).toBe(0)
    await close()
  })
})
