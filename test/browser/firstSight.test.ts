import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserIsHere, picture } from './browser.ts'
import { openProduct, type Product } from './product.ts'

// What somebody sees before they have done anything: on a slow line, in a dark Teams, among many tabs.

describe.skipIf(!browserIsHere)('at first sight', () => {
  let product: Product
  beforeAll(async () => {
    product = await openProduct()
  })
  afterAll(() => product.close())

  const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const [light, dark] = ['rgb(250, 250, 250)', 'rgb(36, 36, 36)']

  it('a page whose scripts take long says a word, in the theme of its address', async () => {
    const { page, close } = await product.page({ colorScheme: 'light' })
    await page.route('**/_next/**/*.js', () => {}) // never answered
    await page.goto(`${product.url}/flows?theme=dark`, { waitUntil: 'commit' })
    await page.getByText('Loading…').waitFor()
    expect(await ground(page)).toBe(dark)
    await picture(page, 'slow-line-dark')
    await close()
  })

  it('in a frame whose host is silent, the theme of the address holds from the first paint, and on the next page', async () => {
    const { page, errors, close } = await product.page({ colorScheme: 'light' })
    // The frame is of our own origin, as no other may show it.
    await page.route('**/frame.html', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<iframe src="/flows?theme=dark" width="1400" height="850"></iframe>',
      }),
    )
    await page.goto(`${product.url}/frame.html`)
    const frame = page.frames()[1]
    if (!frame) throw new Error('There is no frame.')
    const grounds = () => frame.evaluate(() => getComputedStyle(document.body).backgroundColor)
    expect(await grounds()).toBe(dark)
    await frame.getByText('Front desk').first().waitFor()
    expect(await grounds()).toBe(dark)
    await frame.getByRole('link', { name: 'Calls', exact: true }).click()
    await frame.waitForURL(/\/calls$/)
    expect(await grounds()).toBe(dark)
    expect(await ground(page)).not.toBe(light)
    // TeamsJS asks for its list of hosts, which a machine without internet does not reach; our policy must not be what stands between.
    expect(errors.filter((error) => /Content Security Policy|hydrat/i.test(error))).toEqual([])
    await close()
  })

  it('"Call Front desk" calls, and the same page loaded again does not', async () => {
    const { page, close } = await product.page()
    await page.goto(`${product.url}/flows`)
    await page.getByRole('link', { name: 'Call Front desk' }).click()
    const phone = page.getByRole('complementary', { name: 'Test call' })
    await phone.getByRole('button', { name: 'Hang up' }).waitFor()
    await phone
      .getByText(/press 1/)
      .first()
      .waitFor()
    await page.reload()
    await page.getByText('Main menu').first().waitFor()
    expect(await phone.count()).toBe(0)
    await close()
  })
})
