import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { violations } from './axe.ts'
import { browserIsHere, picture, sideways } from './browser.ts'
import { openProduct, type Product } from './product.ts'

/** The page of calls on a bad morning: three callers were refused by Sales, others were served, one is on the line. */
describe.skipIf(!browserIsHere)('the calls of a bad morning', () => {
  let product: Product

  const json = (body: unknown) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const control = async <T>(path: string, init?: RequestInit): Promise<T> => {
    const answer = await fetch(`${product.emulatorUrl}/emulator${path}`, init)
    expect(answer.status, path).toBeLessThan(300)
    return (await answer.json().catch(() => ({}))) as T
  }
  /** Somebody calls, presses a key if there is one to press, and hangs up or waits for the end. */
  async function call(from: object, { key, after }: { key?: string; after: 'hangUp' | 'wait' | 'stay' }) {
    const { id } = await control<{ id: string }>('/calls', json({ from }))
    await control(`/calls/${id}/wait?prompt=press%201&timeoutMs=20000`)
    if (key) await control(`/calls/${id}/tones`, json({ tones: key }))
    if (key === '1') await control(`/calls/${id}/wait?prompt=Nobody&timeoutMs=20000`)
    if (key === '3') await control(`/calls/${id}/wait?prompt=Harbour&timeoutMs=20000`)
    if (after === 'hangUp') await control(`/calls/${id}/hangUp`, { method: 'POST' })
    if (after !== 'stay') await control(`/calls/${id}/wait?ended=1&timeoutMs=30000`)
    return id
  }
  type Listed = { calls: { id: string; result: string; caller: { id: string } }[]; more: boolean }
  const list = async (query = '') => (await (await fetch(`${product.url}/api/calls${query}`)).json()) as Listed

  beforeAll(async () => {
    product = await openProduct()
    await control('/faults', json({ on: { operation: 'call-transfer' }, times: 3, do: { status: 403, code: '7504' } }))
    const anna = { user: { id: '278405a3-f568-4b3e-b684-009193463064', displayName: 'Anna Berger' } }
    await call({ phone: '+14255550171' }, { key: '1', after: 'hangUp' })
    await call({ phone: '+14255550172' }, { key: '1', after: 'wait' })
    await call(anna, { key: '1', after: 'wait' })
    await call({ phone: '+14255550118' }, { after: 'hangUp' })
    await call({ phone: '+14255550190' }, { key: '2', after: 'wait' })
    // The history is written beside the calls.
    const written = async () => [await list('?result=notReached'), await list('?result=live')]
    await vi.waitFor(async () => expect((await written()).map(({ calls }) => calls.length)).toEqual([3, 0]), 10_000)
  })
  afterAll(() => product.close())

  const calls = (page: Page) => page.getByRole('navigation', { name: 'Calls' })
  const row = (page: Page, name: string | RegExp): Locator => calls(page).getByRole('link', { name })
  async function open(path = '/calls', options: Parameters<Product['page']>[0] = {}) {
    const opened = await product.page(options)
    await opened.page.goto(product.url + path)
    if (!path.includes('/calls/')) await row(opened.page, /Anna Berger/).waitFor()
    return opened
  }

  it('those who were not reached stand first, red and in words; the banner says why', async () => {
    const { page, close } = await open()
    await calls(page).getByRole('heading', { name: 'Not reached, 3' }).waitFor()
    await calls(page).getByRole('heading', { name: 'Earlier today, 2' }).waitFor()
    await row(page, /Anna Berger.*Sales refused, heard Goodbye.*Front desk/).waitFor()
    await row(page, /0171.*Sales refused, hung up/).waitFor()
    await row(page, /0118.*Caller hung up in Main menu/).waitFor()
    const times = await calls(page).locator('.calls-row > .figures:not(.small)').allTextContents()
    for (const time of times) expect(time).toMatch(/^\d{1,2}:\d\d:\d\d/)
    const banner = page.getByRole('region', { name: 'Callers not reached' })
    expect(await banner.textContent()).toMatch(/3 of 5 callers not reached, all in Sales, since .*Calls\.Initiate\.All/)
    const mail = await banner.getByRole('link', { name: 'Write to an administrator' }).getAttribute('href')
    expect(decodeURIComponent(mail ?? '')).toContain('Calls.Initiate.All')
    await banner.getByRole('button', { name: 'Show these 3' }).click()
    await expect.poll(() => calls(page).locator('.calls-row').count()).toBe(3)
    await page.reload()
    await expect.poll(() => calls(page).locator('.calls-row').count()).toBe(3)
    await page.goBack()
    await expect.poll(() => calls(page).locator('.calls-row').count()).toBe(5)
    await close()
  })

  it('a failed step says what it means and what to do, the code last, and leads to its block', async () => {
    const { page, errors, close } = await open()
    await row(page, /Anna Berger/).click()
    const steps = page.getByRole('complementary', { name: 'Steps' })
    await steps.getByText('The app may not transfer calls').waitFor()
    const text = (await steps.locator('.step-why').innerText()).replace(/\s+/g, ' ')
    expect(text).toMatch(
      /Calls\.Initiate\.All .*Anna Berger was led on to Nobody free\. What to do 1 .* 2 .* Teams said 403\/7504/,
    )
    await picture(page, 'calls-failed-step')
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException('refused', 'NotAllowedError'))
    })
    await steps.getByRole('button', { name: 'Copy for support' }).click()
    await steps.getByRole('button', { name: 'The browser did not let this page copy' }).waitFor()
    expect(await page.getByRole('heading', { name: 'Anna Berger' }).isVisible()).toBe(true)
    await page.getByRole('link', { name: 'Fix this block' }).click()
    await page.getByRole('application').getByRole('group', { name: /Sales/ }).waitFor()
    await page.getByText('Transfer to person').first().waitFor()
    await page.getByRole('textbox', { name: /^Said before/ }).waitFor()
    await picture(page, 'calls-fix')
    expect(errors).toEqual([])
    await close()
  })

  it('calls are found by number, person, block and outcome, and the address keeps it', async () => {
    const { page, close } = await open()
    const search = page.getByRole('searchbox', { name: 'Search calls' })
    const found = () => calls(page).locator('.calls-row').count()
    for (const [text, count] of [
      ['(425) 555-0118', 1],
      ['berger', 1],
      ['support hours', 1],
      ['hung up', 1],
      ['main menu', 5],
    ] as const) {
      await search.fill(text)
      await expect.poll(found, { message: text }).toBe(count)
    }
    await search.fill('nobody at all')
    await calls(page).getByText('No such calls').waitFor()
    await picture(page, 'calls-no-hits')
    expect(await violations(page)).toEqual([])
    await page.reload()
    expect(await search.inputValue()).toBe('nobody at all')
    await calls(page).getByRole('button', { name: 'Show all calls' }).click()
    await expect.poll(found).toBe(5)
    await page.getByRole('combobox', { name: 'Outcome' }).selectOption('Caller hung up')
    await expect.poll(found).toBe(1)
    await page.getByRole('combobox', { name: 'Flow' }).selectOption('Front desk')
    await page.getByRole('combobox', { name: 'Time' }).selectOption('Yesterday')
    await expect.poll(found).toBe(0)
    await page.goBack()
    await expect.poll(found).toBe(1)
    await close()
  })

  it('what cannot be searched for is said at its field, and what was listed stays', async () => {
    const { page, errors, close } = await open()
    const search = page.getByRole('searchbox', { name: 'Search calls' })
    const faultOf = async (field: Locator) => {
      const id = await field.getAttribute('aria-describedby')
      return [await field.getAttribute('aria-invalid'), id === null ? null : await page.locator(`#${id}`).textContent()]
    }
    await search.fill('9'.repeat(101))
    await expect
      .poll(() => faultOf(search))
      .toEqual(['true', 'This cannot be searched for. Write at most 100 letters and digits.'])
    await picture(page, 'calls-search-refused')
    expect(await violations(page)).toEqual([])
    expect(await calls(page).locator('.calls-row').count()).toBe(5)
    expect(await page.getByText('This was not understood').count()).toBe(0)
    const refusals = errors.length
    await page.waitForTimeout(3500) // what was refused is not asked for again by itself
    expect(errors).toHaveLength(refusals)
    await search.fill('berger')
    await expect.poll(() => faultOf(search)).toEqual([null, null])

    await page.getByRole('combobox', { name: 'Time' }).selectOption('A day…')
    const day = page.getByLabel('Day', { exact: true })
    await day.fill('12026-01-01')
    await expect.poll(() => faultOf(day)).toEqual(['true', 'There are no calls of such a day. Choose another one.'])
    expect(await faultOf(search)).toEqual([null, null])
    expect(errors.filter((error) => !error.includes('400'))).toEqual([])
    await close()
  })

  it('what is listed is exported as a table without formulas', async () => {
    const { page, close } = await open('/calls?result=notReached')
    const address = await page.getByRole('link', { name: 'Export these calls' }).getAttribute('href')
    const answer = await fetch(product.url + address)
    expect(answer.headers.get('content-disposition')).toContain('calls.csv')
    const lines = (await answer.text()).trim().split('\r\n')
    expect(lines).toHaveLength(4)
    expect(lines[0]).toContain('Started,Length,Caller,Number')
    expect(lines.join('\n')).toContain(',\'+14255550171,Not reached,"Sales refused, hung up",Front desk,1,,403/7504,')
    await close()
  })

  it('new calls move neither focus nor scroll, and nothing stands twice after a lost connection', async () => {
    const { page, close } = await open('/calls', { height: 480 })
    const scroll = calls(page).locator('.calls-scroll')
    await row(page, /0118/).focus()
    await scroll.evaluate((element) => element.scrollTo(0, 120))
    const place = async () => (await row(page, /0118/).boundingBox())?.y
    const before = await place()
    const live = await call({ phone: '+14255550136' }, { after: 'stay' })
    await row(page, /0136.*In Main menu/).waitFor({ state: 'attached' })
    expect(await place()).toBe(before)
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('0118')

    await row(page, /0136/).focus()
    await page.context().setOffline(true)
    await control(`/calls/${live}/hangUp`, { method: 'POST' })
    await page.waitForTimeout(1000)
    await page.context().setOffline(false)
    await row(page, /0136.*Caller hung up/).waitFor({ timeout: 20_000 })
    expect(await row(page, /0136/).count()).toBe(1)
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('0136')
    await close()
  })

  it.each(['light', 'dark', 'contrast'])('in %s: axe finds nothing on the list and on a failed call', async (theme) => {
    const live = await call(
      { user: { id: 'b1f5a3d2-7c1e-4b8e-9a55-0c1d2e3f4a00', displayName: 'Marco Rossi' } },
      { after: 'stay' },
    )
    const { page, errors, foreign, close } = await open(`/calls?theme=${theme}`)
    await row(page, /Anna Berger/).click()
    await page.getByRole('complementary', { name: 'Steps' }).getByText('What to do').waitFor()
    await page.getByRole('application').getByText('Main menu').first().waitFor()
    await page.waitForTimeout(700)
    await picture(page, `calls-905-${theme}`)
    expect(await violations(page)).toEqual([])
    expect(errors).toEqual([])
    expect(foreign).toEqual([])
    await control(`/calls/${live}/hangUp`, { method: 'POST' })
    await close()
  })

  it.each([320, 390, 768, 1024])(
    'at %i px nothing scrolls sideways, on the list and on a failed call',
    async (width) => {
      const { page, close } = await open('/calls', { width, height: 844 })
      await picture(page, `calls-905-list-${width}`)
      expect(await sideways(page)).toBeLessThanOrEqual(0)
      await row(page, /Anna Berger/).focus()
      await page.keyboard.press('Enter')
      await page.getByText('What to do').waitFor()
      await page.waitForTimeout(700)
      await picture(page, `calls-905-one-${width}`)
      expect(await sideways(page)).toBeLessThanOrEqual(0)
      const focused = () => page.evaluate(() => document.activeElement?.textContent)
      expect(await focused()).toContain('Anna Berger')
      await page.getByRole('button', { name: 'Back to all calls' }).focus()
      await page.keyboard.press('Enter')
      await expect.poll(focused).toContain('Anna Berger')
      expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('A')
      await close()
    },
  )
})
