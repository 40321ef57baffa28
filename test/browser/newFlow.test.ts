import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newFlowMessages } from '#designer/messages/newFlow.ts'
import { templateIds, templates } from '#flow/templates/index.ts'
import { askerOf } from './ask.ts'
import { violations } from './axe.ts'
import { browserIsHere, picture, sideways } from './browser.ts'
import { openProduct, type Product } from './product.ts'

describe.skipIf(!browserIsHere)('a new flow', () => {
  let product: Product
  const ask = askerOf(() => product)
  beforeAll(async () => {
    product = await openProduct()
  })
  afterAll(() => product.close())

  /** What callers of each hear, once nobody has set anything. */
  const heard: Record<(typeof templateIds)[number], RegExp> = {
    phoneMenu: /For sales, press 1/,
    openingHours: /Nobody can take your call|We are closed|Today we are closed/,
    voicemail: /You have reached our voicemail/,
    callbackRequest: /We will call you back/,
    ticketLookUp: /Please enter your ticket number/,
    survey: /How satisfied are you with us/,
    emergencyMessage: /Nobody can take your call/,
  }

  it.each(templateIds)('%s is made by mouse, called on this computer, and heard', async (id) => {
    const { name } = templates[id].flow
    const { page, errors, foreign, close } = await product.page()
    await page.goto(`${product.url}/flows/new`)
    await page.getByText(newFlowMessages.sentences[id], { exact: true }).click()
    await page.getByRole('heading', { level: 2, name }).waitFor()
    await page.getByText(/^\d+ s$/).waitFor()
    await picture(page, `new-flow-${id}`)
    await page.getByRole('button', { name: 'Call it now' }).click()
    const phone = page.getByRole('complementary', { name: 'Test call' })
    await phone.getByText(heard[id]).first().waitFor({ timeout: 20_000 })
    await picture(page, `template-${id}`)
    await phone.getByRole('button', { name: 'Hang up' }).click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
    await expect.poll(() => page.getByRole('region', { name: 'Problems' }).textContent()).toContain('No problems')
    expect(errors).toEqual([])
    expect(foreign).toEqual([])
    await close()
  })

  it('brings hours in the zone of whoever makes it, and uses those that are there the next time', async () => {
    const { page, close } = await product.page()
    const zone = await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone)
    for (const name of ['Opening hours 2', 'Second desk']) {
      await page.goto(`${product.url}/flows/new`)
      await page.getByRole('radio', { name: 'Opening hours' }).check({ force: true })
      if (name === 'Opening hours 2') await page.getByText(`It gets “${name}”.`).waitFor()
      else await page.getByRole('textbox', { name: 'Name' }).fill(name)
      await page.getByRole('button', { name: 'Create flow' }).click()
      await page.getByRole('heading', { level: 1, name }).waitFor()
    }
    const { calendars } = (await ask('GET', '/api/calendars')).body
    expect(calendars.map(({ calendar }: { calendar: { timeZone: string } }) => calendar.timeZone)).toEqual([zone])
    await close()
  })

  it('says that messages are lost where a flow begins and where it is published, until they are kept', async () => {
    const { page, errors, close } = await product.page()
    const choose = async () => {
      const setting = page.waitForResponse(/messages\/setting/)
      await page.goto(`${product.url}/flows/new`)
      await setting
      await page.getByRole('radio', { name: 'Voicemail' }).check({ force: true })
      await page.getByText(/^\d+ s$/).waitFor()
    }
    await choose()
    const toKeep = page.getByRole('link', { name: 'That messages are kept' })
    await toKeep.waitFor()
    await page.getByRole('textbox', { name: 'Name' }).fill('Mailbox')
    await page.getByRole('button', { name: 'Create flow' }).click()
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByRole('dialog').getByText('is lost').waitFor()
    await picture(page, 'publish-lost-light')
    expect(await violations(page)).toEqual([])
    expect((await ask('PUT', '/api/messages/setting', { keeps: true, days: 30 })).status).toBeLessThan(300)
    await choose()
    expect(await toKeep.count()).toBe(0)
    expect(errors).toEqual([])
    await close()
  })

  it('begins with a card that is chosen by keyboard, and a name that was typed stays', async () => {
    const { page, close } = await product.page()
    await page.goto(`${product.url}/flows/new`)
    const name = page.getByRole('textbox', { name: 'Name' })
    await expect.poll(() => name.inputValue()).toBe('Phone menu')
    await page.getByRole('radio', { name: 'Phone menu' }).focus()
    await page.keyboard.press('ArrowDown')
    await expect.poll(() => name.inputValue()).toBe('Opening hours')
    await name.fill('Practice')
    await page.getByRole('radio', { name: 'Opening hours' }).focus()
    await page.keyboard.press('ArrowDown')
    await page.getByRole('heading', { level: 2, name: 'Voicemail' }).waitFor()
    expect(await name.inputValue()).toBe('Practice')
    await name.fill('  ')
    await page.keyboard.press('Enter')
    expect(page.url()).toMatch(/\/flows\/new$/)
    await page.getByRole('button', { name: /^Import/ }).click()
    await page.getByRole('dialog').getByText('Choose a file').waitFor()
    await close()
  })

  it.each([
    ['light', 1440],
    ['dark', 1440],
    ['contrast', 1440],
    ['light', 1024],
    ['light', 768],
    ['dark', 390],
    ['contrast', 320],
  ] as const)('in %s at %i px: axe finds nothing, and nothing scrolls sideways', async (theme, width) => {
    const { page, close } = await product.page({ width, height: 900 })
    await page.goto(`${product.url}/flows/new?theme=${theme}`)
    await page.getByText(/^\d+ s$/).waitFor()
    await page.getByRole('radio', { name: 'Ticket look-up' }).check({ force: true })
    await page.getByText(/^\d+ s$/).waitFor()
    await picture(page, `new-flow-${theme}-${width}`)
    expect(await violations(page)).toEqual([])
    expect(await sideways(page)).toBeLessThanOrEqual(0)
    await close()
  })
})
