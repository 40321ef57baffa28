import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Block } from '#flow/flow.ts'
import { adele, block, draw, hangUp } from '#flow/testing/draw.ts'
import { askerOf } from './ask.ts'
import { violations } from './axe.ts'
import { browserIsHere, picture, sideways } from './browser.ts'
import { openProduct, type Product } from './product.ts'

/** People by name in the settings of a block: bot, emulator and its people of Contoso. */
describe.skipIf(!browserIsHere)('people', () => {
  let product: Product
  beforeAll(async () => {
    product = await openProduct()
  })
  afterAll(() => product.close())
  afterEach(() => fetch(`${product.emulatorUrl}/emulator/faults`, { method: 'DELETE' }))
  const ask = askerOf(() => product)

  async function open(name: string, { theme = 'light', blocks = toPerson } = {}) {
    const { id } = (await ask('POST', '/api/flows/import', draw(blocks, { name }))).body
    const opened = await product.page()
    await opened.page.goto(`${product.url}/flows/${id}?theme=${theme}`)
    return { id, ...opened }
  }
  const at = (row: number, drawn: Block): Block => ({ ...drawn, position: { x: 0, y: row * 160 } })
  const toPerson = { give: at(1, block('transferToPerson', {}, { failed: 'bye' })), bye: at(3, hangUp('Bye.')) }
  const onCanvas = (page: Page, kind: RegExp) => page.getByRole('application').getByRole('group', { name: kind })
  const finder = (page: Page) => page.getByRole('combobox', { name: /^Person/ })
  const options = (page: Page) => page.getByRole('listbox', { name: 'People found' }).getByRole('option')
  const settings = async (id: string) => (await ask('GET', `/api/flows/${id}`)).body.flow.blocks.give.settings
  const refuse = (fault: object) =>
    fetch(`${product.emulatorUrl}/emulator/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ on: { operation: 'user-list' }, times: 100, do: fault }),
    })

  it.each(['light', 'dark', 'contrast'])('are found while one types, and chosen by keyboard: %s', async (theme) => {
    const { id, page, errors, close } = await open(`People ${theme}`, { theme })
    await onCanvas(page, /Transfer to person/).click()
    await finder(page).fill('hof')
    await options(page).first().waitFor()
    expect(await options(page).allTextContents()).toEqual([
      'LHLena Hoferlena.hofer@contoso.example',
      'LHLukas Hofmannlukas.hofmann@contoso.example',
      'MHMira Hofstättermira.hofstaetter@contoso.example',
    ])
    await page.getByText('3 people', { exact: true }).waitFor()
    await finder(page).press('ArrowDown')
    expect(await options(page).nth(1).getAttribute('aria-selected')).toBe('true')
    await picture(page, `people-${theme}`)
    expect(await violations(page)).toEqual([])
    await finder(page).press('Enter')
    await expect.poll(() => finder(page).inputValue()).toBe('Lukas Hofmann')
    await onCanvas(page, /Transfer to person/)
      .getByText('Lukas Hofmann')
      .waitFor()
    const chosen = { id: '2b9d7e46-1c38-4f0a-a5d2-6e8b3c7f1094', name: 'Lukas Hofmann' }
    await expect.poll(async () => (await settings(id)).person).toEqual(chosen)
    await picture(page, `people-chosen-${theme}`)
    expect(await violations(page)).toEqual([])
    expect(errors).toEqual([])
    await close()
  })

  it('are chosen by mouse and by address; Escape and leaving keep who was chosen, and somebody can be nobody', async () => {
    const { id, page, close } = await open('Mouse')
    await onCanvas(page, /Transfer to person/).click()
    await finder(page).fill('PRIYA.nair@')
    await options(page).click()
    await expect.poll(() => finder(page).inputValue()).toBe('Priya Nair')
    await finder(page).fill('lena')
    await options(page).first().waitFor()
    await finder(page).press('Escape')
    expect(await finder(page).inputValue()).toBe('Priya Nair')
    await finder(page).fill('lena')
    await finder(page).press('Tab')
    await expect.poll(() => finder(page).inputValue()).toBe('Priya Nair')
    await page.getByRole('button', { name: 'Nobody' }).click()
    expect(await finder(page).inputValue()).toBe('')
    await expect.poll(async () => (await settings(id)).person).toEqual({ id: '', name: '' })
    await close()
  })

  it('says whom it does not find, whatever is typed', async () => {
    const { page, errors, close } = await open('None')
    await onCanvas(page, /Transfer to person/).click()
    for (const text of ['nobody at all', 'x" OR "displayName:lena', '<b>&']) {
      await finder(page).fill(text)
      await page.getByText(`Nobody is called “${text}”.`).waitFor()
    }
    await picture(page, 'people-none')
    expect(await violations(page)).toEqual([])
    expect(errors).toEqual([])
    await close()
  })

  it.each([1440, 390])(
    'without the permission says what must be granted, and takes an object id: %i',
    async (width) => {
      await refuse({ status: 403, code: 'Authorization_RequestDenied' })
      const { id, page, close } = await open(`Refused ${width}`)
      await onCanvas(page, /Transfer to person/).click()
      await page.setViewportSize({ width, height: 844 })
      await finder(page).fill('lena')
      await page.getByText('Ask an administrator to grant it User.ReadBasic.All, or use an object id.').waitFor()
      await page.getByRole('textbox', { name: 'Object id' }).fill(adele.id)
      await page.getByRole('textbox', { name: 'Name', exact: true }).last().fill(adele.name)
      await expect.poll(async () => (await settings(id)).person).toEqual(adele)
      await picture(page, `people-refused-${width}`)
      expect(await sideways(page)).toBeLessThanOrEqual(0)
      // On a phone the settings of any block hide the rest of the page, its landmark and first heading too; that is not about people.
      await page.setViewportSize({ width: 1440, height: 900 })
      expect(await violations(page)).toEqual([])
      await close()
    },
  )

  it('Enter chooses nobody of an earlier text while the next is looked for, and a new id has no old name', async () => {
    const { id, page, close } = await open('Hasty')
    await onCanvas(page, /Transfer to person/).click()
    await finder(page).fill('lena')
    await options(page).first().waitFor()
    await page.route('**/api/people*', () => {}) // the answer does not come
    await finder(page).fill('alex')
    await page.keyboard.press('Enter')
    expect(await finder(page).inputValue()).toBe('alex')
    await page.unroute('**/api/people*')
    await finder(page).fill('adele')
    await options(page).filter({ hasText: adele.name }).click()
    await expect.poll(async () => (await settings(id)).person).toEqual(adele)
    await page.getByRole('button', { name: 'More: use an object id' }).click()
    const other = crypto.randomUUID()
    await page.getByRole('textbox', { name: 'Object id' }).fill(other)
    await expect.poll(async () => (await settings(id)).person).toEqual({ id: other, name: '' })
    await close()
  })

  it('says that the service is away, and finds people again when it is back', async () => {
    await refuse({ status: 503 })
    const { page, close } = await open('Away')
    await onCanvas(page, /Transfer to person/).click()
    await finder(page).fill('len')
    await page.getByText('People cannot be found at the moment').waitFor()
    await picture(page, 'people-away')
    expect(await violations(page)).toEqual([])
    await fetch(`${product.emulatorUrl}/emulator/faults`, { method: 'DELETE' })
    await finder(page).fill('lena')
    await options(page).first().waitFor()
    await close()
  })

  it('ring together by name before a call is answered', async () => {
    const targets = [{ kind: 'person', id: '', name: '' }]
    const { id, page, close } = await open('Ring', {
      blocks: { ...toPerson, give: at(1, block('redirect', { targets }, {})) },
    })
    await onCanvas(page, /Redirect/).click()
    await finder(page).fill('alex')
    await options(page).click()
    const chosen = { kind: 'person', id: '5d0a6f2e-93b7-4c1d-8e42-7a1f0b9c3d64', name: 'Alex Wilber' }
    await expect.poll(async () => (await settings(id)).targets).toEqual([chosen])
    await picture(page, 'people-ring')
    expect(await violations(page)).toEqual([])
    await close()
  })
})
