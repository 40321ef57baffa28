import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Block } from '#flow/flow.ts'
import { assign, block, draw, hangUp, say } from '#flow/testing/draw.ts'
import { askerOf } from './ask.ts'
import { violations } from './axe.ts'
import { browserIsHere, picture } from './browser.ts'
import { openShared, type Shared } from './product.ts'

/** Names of values complete by typing, wherever an expression or a text with values is written. */
describe.skipIf(!browserIsHere)('values', () => {
  let product: Shared
  beforeAll(async () => {
    product = await openShared()
  })
  afterAll(() => product.close())
  const ask = askerOf(() => product)

  async function open(name: string, theme = 'light') {
    const { id } = (await ask('POST', '/api/flows', { name, from: 'empty' })).body
    const placed = (drawn: Block, title: string, row: number) => ({
      ...drawn,
      name: title,
      position: { x: 0, y: row * 150 },
    })
    const { blocks, ...flow } = draw({}, { name })
    const added = {
      hello: placed(say('Welcome.', { done: 'count' }), 'Hello', 1),
      count: placed(assign({ n: '1' }, { done: 'bye' }), 'Count', 2),
      bye: placed(hangUp('Bye.'), 'Bye', 3),
    }
    const incoming = block('incomingCall', {}, { next: 'hello' })
    const saved = await ask('PUT', `/api/flows/${id}`, {
      flow: { ...flow, blocks: { ...blocks, incoming, ...added } },
      revision: 1,
    })
    expect(saved.status).toBe(200)
    const opened = await product.page()
    await opened.page.goto(`${product.url}/flows/${id}?theme=${theme}`)
    const group = (title: string) =>
      opened.page.getByRole('application').getByRole('group', { name: new RegExp(`, ${title}, `) })
    await group('Hello').waitFor()
    return { id, group, ...opened }
  }
  const options = (page: Page) => page.getByRole('listbox', { name: 'Names that fit' }).getByRole('option')
  const stored = async (id: string) => JSON.stringify((await ask('GET', `/api/flows/${id}`)).body.flow.blocks)

  it.each(['light', 'dark', 'contrast'])(
    'complete in an expression by keyboard, with what comes of it: %s',
    async (theme) => {
      const { id, group, page, errors, close } = await open(`Completing ${theme}`, theme)
      await group('Count').click()
      const field = page.getByRole('textbox', { name: 'Set to' })
      await field.fill('')
      await field.pressSequentially('size(ent')
      await options(page).first().waitFor()
      expect(await options(page).allTextContents()).toEqual(['entryDigits'])
      await field.press('Enter')
      await field.pressSequentially(') + cal')
      await options(page).first().waitFor()
      await page.waitForTimeout(300)
      await picture(page, `completing-${theme}`)
      expect(await violations(page)).toEqual([])
      await field.press('Escape')
      await expect.poll(() => options(page).count()).toBe(0)
      for (let n = 0; n < 3; n++) await field.press('Backspace')
      await field.pressSequentially('1')
      expect(await field.inputValue()).toBe('size(entry) + 1')
      await page.getByText('For example: 6').waitFor()
      await expect.poll(() => stored(id)).toContain('size(entry) + 1')
      expect(errors).toEqual([])
      await close()
    },
  )

  it('complete in a prompt by mouse, and only inside of ${…}', async () => {
    const { id, group, page, errors, close } = await open('Completing a prompt')
    await group('Hello').click()
    const prompt = page.getByRole('textbox', { name: /^What callers hear/ })
    await prompt.fill('')
    await prompt.pressSequentially('Dear caller. You are ${cal')
    await options(page).filter({ hasText: 'caller' }).click()
    await prompt.pressSequentially('.')
    await options(page).filter({ hasText: 'name' }).click()
    await prompt.pressSequentially('} today. t')
    expect(await options(page).count()).toBe(0)
    expect(await prompt.inputValue()).toBe('Dear caller. You are ${caller.name} today. t')
    await expect.poll(() => stored(id)).toContain('${caller.name} today')
    expect(errors).toEqual([])
    await close()
  })
})
