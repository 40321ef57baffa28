import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { weekOf } from '#flow/testing/calendars.ts'
import { askerOf } from './ask.ts'
import { violations } from './axe.ts'
import { browserIsHere, picture, sideways } from './browser.ts'
import { openProduct, type Product } from './product.ts'

const account = '0e9e1f4b-9c55-4a8a-a9de-6c1d3c7b2a10'
const office = {
  name: 'Office',
  timeZone: 'Europe/Berlin',
  week: weekOf(['08:00', '17:00']),
  holidays: [],
  overrides: [],
}

describe.skipIf(!browserIsHere)('who answers what', () => {
  let product: Product
  const ask = askerOf(() => product)
  beforeAll(async () => {
    product = await openProduct()
    await ask('POST', '/api/calendars', { calendar: office })
  })
  afterAll(() => product.close())

  const rules = async (): Promise<{ called: string | null; caller: string | null }[]> =>
    (await ask('GET', '/api/routes')).body.rules

  it('is edited in one table: a line added with a slip, changed, moved by the keyboard and removed', async () => {
    const { page, errors, close } = await product.page()
    await page.goto(`${product.url}/answers`)
    await page.getByRole('heading', { name: 'Who answers what' }).waitFor()
    const add = async (fields: Record<string, string>, more?: () => Promise<unknown>) => {
      await page.getByRole('button', { name: 'Add a line' }).click()
      const dialog = page.getByRole('dialog')
      for (const [name, text] of Object.entries(fields)) await dialog.getByLabel(name, { exact: true }).fill(text)
      await dialog.getByLabel('Answered by').selectOption({ label: 'Front desk' })
      await more?.()
      await dialog.getByRole('button', { name: 'Save' }).click()
      return dialog
    }
    const slip = await add({ Called: '0301234567' })
    await slip.getByText('This is neither. A number begins').waitFor()
    expect(await violations(page)).toEqual([])
    await slip.getByLabel('Called', { exact: true }).fill('+49 30 5550 0142')
    await slip.getByLabel('Hours').selectOption({ label: 'Office' })
    await slip.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Office: open').first().waitFor()
    await add({ Called: account, 'Only callers': '0049 30' })
    await page.getByText('Only callers from +4930').waitFor()

    // The same conditions twice: it is said who has them.
    const twice = await add({ Called: account, 'Only callers': '+4930' })
    await twice.getByText(/^Front desk answers under the same conditions/).waitFor()
    await twice.getByRole('button', { name: 'Cancel' }).click()

    await page.getByRole('button', { name: 'Move line 2 up' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('It is line 1 now.').waitFor()
    await expect.poll(async () => (await rules()).map(({ called }) => called)).toEqual([account, '+493055500142', null])
    await page.reload()
    await page.getByRole('row', { name: /Only callers from \+4930/ }).waitFor()

    await page.getByRole('button', { name: 'More for line 1' }).press('Enter')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await expect.poll(async () => (await rules()).length).toBe(2)
    // The browser itself writes down what was refused on purpose.
    expect(errors.filter((error) => !error.includes('409 (Conflict)'))).toEqual([])
    await close()
  })

  it('tells who would answer a call that one tries, and why not the others', async () => {
    const { page, close } = await product.page()
    await page.goto(`${product.url}/answers`)
    const tried = page.getByRole('region', { name: 'Who would answer?' })
    await tried.getByLabel('Called').fill('tel:+49-30-5550-0142')
    await tried.getByLabel('Day').fill('2027-12-20')
    await tried.getByLabel('Time').fill('12:00')
    await tried.getByText('Line 1, +493055500142, Office: open').waitFor()
    await tried.getByText('Fits').waitFor()
    await tried.getByLabel('Day').fill('2027-12-19')
    await tried.getByText('At another time').waitFor()
    await tried.getByText('Everything else').waitFor()
    await picture(page, 'answers-tried')
    await close()
  })

  it('has a gap where nothing answers by default, and a flow closes it', async () => {
    const { page, close } = await product.page()
    await page.goto(`${product.url}/answers`)
    await page.getByRole('button', { name: 'More for Everything else' }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByText('One gap: calls that no line is for').waitFor()
    for (const theme of ['light', 'dark', 'contrast']) {
      await page.goto(`${product.url}/answers?theme=${theme}`)
      await page.getByText('One gap: calls that no line is for').waitFor()
      expect(await violations(page)).toEqual([])
      await picture(page, `answers-gap-${theme}`)
    }
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await sideways(page)).toBe(0)
    await picture(page, 'answers-390')
    await page.getByRole('button', { name: 'Choose a flow' }).click()
    await page.getByRole('dialog').getByLabel('Answered by').selectOption({ label: 'Front desk' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('One gap').waitFor({ state: 'detached' })
    expect((await rules()).at(-1)).toMatchObject({ called: null, caller: null })
    await close()
  })
})
