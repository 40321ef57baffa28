import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Flow } from '#flow/flow.ts'
import { draw, hangUp, say } from '#flow/testing/draw.ts'
import { askerOf } from './ask.ts'
import { browserIsHere, picture } from './browser.ts'
import { openShared, type Shared } from './product.ts'

/** Publishing a flow with many new prompts, as somebody sees it who leaves it alone and comes back. */
describe.skipIf(!browserIsHere)('publishing many prompts', () => {
  let product: Shared
  beforeAll(async () => {
    product = await openShared()
  })
  afterAll(() => product.close())

  const ask = askerOf(() => product)

  async function flowOf(name: string, texts: string[]): Promise<string> {
    const says = texts.map((text, n) => {
      const next = n + 1 < texts.length ? `say${n + 1}` : 'end'
      return [
        `say${n}`,
        { ...say(text, { done: next }), name: `Say ${n}`, position: { x: 0, y: (n + 1) * 144 } },
      ] as const
    })
    const flow: Flow = draw({ ...Object.fromEntries(says), end: hangUp() }, { name })
    const { id } = (await ask('POST', '/api/flows', { name, from: 'empty' })).body
    await ask('PUT', `/api/flows/${id}`, { flow, revision: 1 })
    return id
  }

  it.each(['light', 'dark', 'contrast'])('is followed, left alone and found again (%s)', async (theme) => {
    // Enough to be seen on the way; the other two themes are for their pictures.
    const count = Number(process.env.PROMPTS ?? (theme === 'light' ? 60 : 25))
    const texts = Array.from(
      { length: count },
      (_, n) => `Department ${n} of ${theme} is open on weekdays from nine to five.`,
    )
    const id = await flowOf(`Many ${theme}`, texts)
    const { page, errors, close } = await product.page()
    await page.goto(`${product.url}/flows/${id}?theme=${theme}`)
    await page.getByRole('button', { name: 'Publish' }).click()
    const dialog = page.getByRole('dialog')
    await expect.poll(() => dialog.textContent()).toContain('It answers no calls yet')
    await picture(page, `publish-gate-${theme}`)
    await dialog.getByRole('button', { name: 'Publish' }).click()
    await expect.poll(() => dialog.textContent(), { timeout: 20_000 }).toMatch(/[1-9]\d* of \d+ prompts/)
    await picture(page, `publishing-${theme}`)
    await dialog.getByRole('button', { name: 'Close' }).click()
    await expect.poll(() => page.getByRole('banner').textContent()).toMatch(/publishing.*of \d+ prompts/)
    await picture(page, `publishing-header-${theme}`)

    await page.goto(`${product.url}/flows?theme=${theme}`)
    await page.getByText(/Publishing, \d+ of \d+ prompts/).waitFor()
    await picture(page, `publishing-list-${theme}`)
    await page.goto(`${product.url}/flows/${id}?theme=${theme}`)
    await expect
      .poll(() => page.getByRole('banner').textContent(), { timeout: 100_000, interval: 300 })
      .toContain('version 1 is published, but answers no calls yet')
    expect(errors).toEqual([])
    await close()
  })

  it('says which block cannot be spoken and why, and offers to try again', async () => {
    const id = await flowOf('Too long', ['Hello.', '9 '.repeat(700)])
    const { page, close } = await product.page()
    await page.goto(`${product.url}/flows/${id}`)
    await page.getByRole('button', { name: 'Publish' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Publish' }).click()
    await dialog.getByRole('button', { name: 'Try again' }).waitFor()
    expect(await dialog.textContent()).toMatch(/Say 1.*too long/)
    await picture(page, 'publish-failed-light')
    await page.keyboard.press('Escape') // beneath a dialog nothing else has a name
    await page.getByRole('banner').getByText('not published').waitFor()
    await close()
  })
})
