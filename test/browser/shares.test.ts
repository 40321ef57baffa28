import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { block, draw, hangUp } from '#flow/testing/draw.ts'
import { askerOf } from './ask.ts'
import { violations } from './axe.ts'
import { browserIsHere, picture } from './browser.ts'
import { openShared, type Shared } from './product.ts'

/** The ways of a percentage split are named, shared out and linked in its settings. */
describe.skipIf(!browserIsHere)('a percentage split', () => {
  let product: Shared
  beforeAll(async () => {
    product = await openShared()
  })
  afterAll(() => product.close())
  const ask = askerOf(() => product)

  async function open(theme: string) {
    const name = `Shares ${theme}`
    const { id } = (await ask('POST', '/api/flows', { name, from: 'empty' })).body
    const arms = [50, 50].map((weight, n) => ({ id: `w${n}`, label: `Way ${n}`, weight }))
    const split = block('percentageSplit', { arms }, { w0: 'bye', w1: 'bye' })
    const flow = draw(
      {
        it: { ...split, name: 'Share', position: { x: 0, y: 150 } },
        bye: { ...hangUp('Bye.'), name: 'Bye', position: { x: 0, y: 350 } },
      },
      { name },
    )
    expect((await ask('PUT', `/api/flows/${id}`, { flow, revision: 1 })).status).toBe(200)
    const opened = await product.page()
    await opened.page.goto(`${product.url}/flows/${id}?theme=${theme}`)
    await opened.page
      .getByRole('application')
      .getByRole('group', { name: /, Share, / })
      .click()
    const stored = async () => (await ask('GET', `/api/flows/${id}`)).body.flow.blocks.it
    return { split: stored, ...opened }
  }

  it.each(['light', 'dark', 'contrast'])(
    'is shared out, by three ways of which each leads somewhere: %s',
    async (theme) => {
      const { page, split, errors, close } = await open(theme)
      const ways = page.getByRole('group', { name: 'Ways' })
      await ways.getByRole('spinbutton', { name: 'Percent of way 2' }).fill('30')
      await ways.getByText('80 % together', { exact: true }).waitFor()
      await ways.getByText(/The shares are 80 % together\./).waitFor()
      await ways.getByRole('button', { name: 'Add a way' }).click()
      // What is missing of a hundred is the share of a new one.
      expect(await ways.getByRole('spinbutton', { name: 'Percent of way 3' }).inputValue()).toBe('20')
      await ways.getByText('100 % together', { exact: true }).waitFor()
      await ways.getByRole('textbox', { name: 'Name of way 3' }).fill('Pilot')
      await ways.getByRole('combobox', { name: 'Way 3 goes to' }).selectOption({ label: 'Bye' })
      await page.waitForTimeout(300)
      await picture(page, `shares-${theme}`)
      expect(await violations(page)).toEqual([])
      await expect
        .poll(async () => (await split()).settings.arms.map((arm: { weight: number }) => arm.weight))
        .toEqual([50, 30, 20])
      await ways.getByRole('button', { name: 'Remove way 1' }).click()
      await expect.poll(async () => Object.keys((await split()).exits).length).toBe(2)
      expect((await split()).exits.w0).toBeUndefined()
      expect(errors).toEqual([])
      await close()
    },
  )
})
