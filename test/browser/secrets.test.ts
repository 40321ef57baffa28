import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { block, draw, hangUp } from '#flow/testing/draw.ts'
import { askerOf } from './ask.ts'
import { violations } from './axe.ts'
import { browserIsHere, picture, sideways } from './browser.ts'
import { openShared, type Shared } from './product.ts'

describe.skipIf(!browserIsHere)('secrets', () => {
  let product: Shared
  const ask = askerOf(() => product)
  beforeAll(async () => {
    product = await openShared()
  })
  afterAll(() => product.close())

  it('go nowhere before a host is allowed, which is one press where they are named', async () => {
    const { page, errors, close } = await product.page()
    await page.goto(`${product.url}/settings`)
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('radio', { name: 'Secret' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('shownToken')
    await page.getByLabel('What it is').fill('canary-1c7e')
    await page.getByLabel('Hosts it may be sent to').fill('*.example.com')
    await page.getByText('Hosts only, such as').waitFor()
    await page.getByLabel('Hosts it may be sent to').fill('')
    await page.getByRole('button', { name: 'Save' }).click()
    const row = page.getByRole('row').filter({ hasText: 'shownToken' })
    await row.getByText('Sent nowhere yet').waitFor()
    expect(await violations(page)).toEqual([])

    const settings = { url: 'https://crm.example.com/tickets', auth: 'bearer', secret: 'shownToken' }
    const exits = { '2xx': 'bye', network: 'bye' }
    const flow = draw({ ask: block('httpRequest', settings, exits), bye: hangUp() }, { name: 'Asks the desk' })
    const { id } = (await ask('POST', '/api/flows/import', flow)).body
    await page.goto(`${product.url}/flows/${id}`)
    await page
      .getByRole('application')
      .getByRole('group', { name: /HTTP request/ })
      .click()
    await page.getByText('The secret shownToken may not be sent to crm.example.com').first().waitFor()
    await picture(page, 'secret-host')
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Allow crm.example.com' }).click()
    await page.getByText('crm.example.com is allowed.').waitFor()
    await page.getByText('No problems. Ready to publish.').waitFor()

    await page.goto(`${product.url}/settings`)
    await row.getByText('Sent only to crm.example.com').waitFor()
    await row.getByRole('button', { name: 'Replace shownToken' }).click()
    await page.getByLabel('Hosts it may be sent to').fill('https://CRM.example.com/api, desk.example.com:8443')
    await page.getByRole('button', { name: 'Save' }).click()
    await row.getByText('Sent only to crm.example.com, desk.example.com:8443').waitFor()
    await picture(page, 'secret-hosts')
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 })
      expect(await sideways(page)).toBeLessThanOrEqual(0)
    }
    expect(await page.content()).not.toContain('canary-1c7e')
    expect(errors).toEqual([])
    await close()
  })
})
