import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shellMessages } from '#designer/messages/shell.ts'
import { weekOf } from '#flow/testing/calendars.ts'
import { askerOf } from './ask.ts'
import { violations } from './axe.ts'
import { atWidths, browserIsHere, cutOff, picture, sideways } from './browser.ts'
import { openProduct, type Product } from './product.ts'
import { onCallList } from './tables.ts'

/** With everything that the page of hours shows: breaks, holidays of which one lies on another, and something for a while. */
const practiceHours = {
  name: 'Practice hours',
  timeZone: 'Europe/Berlin',
  week: weekOf(['08:00', '12:00'], ['13:00', '17:00']),
  holidays: [
    { name: 'New Year', from: '2026-01-01', to: '2026-01-01', yearly: true, source: 'DE-HH' },
    {
      name: 'Winter break',
      from: '2026-12-28',
      to: '2027-01-03',
      yearly: true,
      hours: [{ from: '09:00', to: '10:00' }],
    },
  ],
  overrides: [{ name: 'Staff meeting', open: false, from: '2090-12-21T11:00:00Z', until: '2090-12-21T14:00:00Z' }],
}

describe.skipIf(!browserIsHere)('the pages', () => {
  let product: Product
  let deskId: string
  let callId: string
  const ask = askerOf(() => product)

  beforeAll(async () => {
    product = await openProduct()
    await ask('POST', '/api/calendars', { calendar: practiceHours })
    await ask('POST', '/api/tables', onCallList())
    deskId = (await ask('GET', '/api/flows')).body.flows[0].id
    // One call that took its way, for the pages that show calls.
    const line = askerOf(() => ({ url: `${product.emulatorUrl}/emulator/calls` }))
    const { id } = (await line('POST', '', { from: { phone: '+14255550142' } })).body
    await line('GET', `/${id}/wait?prompt=press%201&timeoutMs=15000`)
    await line('POST', `/${id}/tones`, { tones: '2' })
    await line('GET', `/${id}/wait?prompt=Support&timeoutMs=15000`)
    await line('POST', `/${id}/hangUp`)
    await line('GET', `/${id}/wait?ended=1&timeoutMs=15000`)
    for (let state = ''; state !== 'ended'; await new Promise((done) => setTimeout(done, 100))) {
      const [call] = (await ask('GET', '/api/calls')).body.calls
      callId = call?.id ?? ''
      state = call?.state ?? ''
    }
  })
  afterAll(() => product.close())

  /** What is to be read on a page of the bar beside its heading, where that comes later. */
  const shown: Record<string, string> = {
    flows: 'Front desk',
    calls: '+14255550142',
    answers: 'Everything else',
    hours: 'New Year lies on Winter break',
    tables: 'Lena Hofer',
    settings: 'Nothing is set yet',
  }
  const pages: [name: string, path: () => string, shows: (page: Page) => Locator][] = [
    ...Object.entries(shellMessages.sections).map(([id, name]): (typeof pages)[number] => [
      id,
      () => `/${id}`,
      (page) => (shown[id] ? page.getByText(shown[id]) : page.getByRole('heading', { name, level: 1 })),
    ]),
    ['designer', () => `/flows/${deskId}`, (page) => page.getByText('Main menu')],
    // Those of versions, and of flows that were deleted, are looked at in versions.test.ts.
    ['new flow', () => '/flows/new', (page) => page.getByText('What callers hear first')],
    ['deleted flows', () => '/flows/deleted', (page) => page.getByText('No deleted flows')],
    ['one call', () => `/calls/${callId}`, (page) => page.getByText('Main menu')],
  ]

  describe.each(['light', 'dark', 'contrast'])('in %s', (theme) => {
    it.each(pages)('%s: axe finds nothing, and no console error', async (name, path, shows) => {
      const { page, errors, foreign, close } = await product.page()
      await page.goto(`${product.url}${path()}?theme=${theme}`)
      await shows(page).first().waitFor()
      await page.waitForTimeout(700)
      await picture(page, `${name.replace(' ', '-')}-${theme}`)
      expect(await violations(page)).toEqual([])
      expect(errors).toEqual([])
      expect(foreign).toEqual([])
      await close()
    })

    it('designer with a block, a list, the publish dialog and the phone open: axe finds nothing', async () => {
      const { page, close } = await product.page()
      await page.goto(`${product.url}/flows/${deskId}?theme=${theme}`)
      const canvas = page.getByRole('application')
      await canvas.getByRole('group', { name: /Main menu/ }).click()
      await page.getByRole('textbox', { name: /^What callers hear/ }).waitFor()
      await picture(page, `settings-${theme}`)
      expect(await violations(page)).toEqual([])
      await canvas.getByRole('button', { name: /^Main menu, key 1,/ }).click()
      await page.getByRole('listbox').waitFor()
      await picture(page, `link-list-${theme}`)
      expect(await violations(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Publish' }).click()
      await page.getByRole('dialog').waitFor()
      await page.waitForTimeout(500)
      await picture(page, `publish-${theme}`)
      expect(await violations(page)).toEqual([])
      await page.getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Test call' }).click()
      await page.getByRole('complementary', { name: 'Test call' }).getByRole('button', { name: /^Call/ }).click()
      await page.getByRole('complementary', { name: 'Test call' }).getByText('For sales, press 1.').waitFor()
      await page.waitForTimeout(500)
      await picture(page, `front-desk-call-${theme}`)
      expect(await violations(page)).toEqual([])
      await page.getByRole('button', { name: 'Hang up' }).click()
      await close()
    })
  })

  it.each(pages)('%s: nothing scrolls sideways at any width, and nothing is cut off', async (name, path, shows) => {
    const { page, close } = await product.page({ width: 320, height: 844 })
    await page.goto(product.url + path())
    await shows(page).first().waitFor({ state: 'attached' })
    await page.waitForTimeout(700)
    await atWidths(page, [320, 390, 768, 1024], async (width) => {
      await picture(page, `${name.replace(' ', '-')}-${width}`)
      expect(await sideways(page), `at ${width}`).toBeLessThanOrEqual(0)
      expect(await cutOff(page, 'header button, header a'), `at ${width}`).toEqual([])
    })
    await close()
  })

  /** A flow of its own, opened. */
  async function newFlow(name: string) {
    const id: string = (await ask('POST', '/api/flows', { name, from: 'sample' })).body.id
    const opened = await product.page()
    await opened.page.goto(`${product.url}/flows/${id}`)
    await opened.page.getByRole('application').getByText('Main menu').first().waitFor()
    return { id, ...opened }
  }
  const saved = (page: Page) => expect.poll(() => page.getByRole('banner').textContent()).toContain('Draft saved')
  type Opened = {
    revision: number
    flow: { name: string; blocks: Record<string, { name: string; position: unknown }> }
  }
  const flowOf = async (id: string): Promise<Opened> => (await ask('GET', `/api/flows/${id}`)).body

  it('a flow that is opened and not changed is not saved', async () => {
    const { id, page, close } = await newFlow('Untouched')
    await page.waitForTimeout(2500)
    expect((await flowOf(id)).revision).toBe(1)
    await close()
  })

  it('moving, removing and renaming are undone and done again, step by step, and saved', async () => {
    const { id, page, close } = await newFlow('Undo')
    const canvas = page.getByRole('application')
    const before = (await flowOf(id)).flow
    const menu = canvas.getByRole('group', { name: /Main menu/ })
    const box = await menu.boundingBox()
    if (!box) throw new Error('The menu is not drawn.')
    await page.mouse.move(box.x + 60, box.y + 20)
    await page.mouse.down()
    await page.mouse.move(box.x + 100, box.y + 80, { steps: 8 })
    await page.mouse.up()
    await canvas.getByRole('group', { name: /Directions/ }).click()
    await page.keyboard.press('Delete')
    await expect.poll(() => canvas.getByRole('group', { name: /Say, Directions/ }).count()).toBe(0)
    await expect.poll(async () => Object.keys((await flowOf(id)).flow.blocks).length).toBe(7)
    await page.keyboard.press('Control+z')
    await expect.poll(() => canvas.getByRole('group', { name: /Say, Directions/ }).count()).toBe(1)
    await page.keyboard.press('Control+z')
    await saved(page)
    await expect.poll(async () => (await flowOf(id)).flow).toEqual(before)
    await page.keyboard.press('Control+y')
    await expect
      .poll(async () => (await flowOf(id)).flow.blocks.menu?.position)
      .not.toEqual(before.blocks.menu?.position)
    await close()
  })

  it('a draft that was changed elsewhere is not overwritten: the person chooses', async () => {
    const { id, page, close } = await newFlow('Shared')
    const { flow, revision } = await flowOf(id)
    const theirs = { ...flow, name: 'Theirs' }
    expect((await ask('PUT', `/api/flows/${id}`, { flow: theirs, revision })).status).toBe(200)
    await page
      .getByRole('application')
      .getByRole('group', { name: /Main menu/ })
      .click()
    await page.getByRole('textbox', { name: /^What callers hear/ }).fill('Mine')
    await page.getByRole('button', { name: 'Load theirs' }).waitFor()
    await picture(page, 'conflict')
    expect((await flowOf(id)).flow.name).toBe('Theirs')
    await page.getByRole('button', { name: 'Load theirs' }).click()
    await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toBe('Theirs')
    await close()
  })

  it('work that could not be saved is kept and offered back on return', async () => {
    const { id, page, close } = await newFlow('Offline')
    // Nothing is saved any more, not even on the way out, until the page is loaded again.
    await page.evaluate(() => {
      const { fetch } = window
      window.fetch = async (to, init) => {
        if (init?.method === 'PUT') throw new TypeError('no connection')
        return fetch(to, init)
      }
    })
    await page
      .getByRole('application')
      .getByRole('group', { name: /Main menu/ })
      .click()
    await page.getByRole('textbox', { name: /^What callers hear/ }).fill('Kept through the night')
    await expect.poll(() => page.getByRole('banner').textContent(), { timeout: 10_000 }).toMatch(/kept here|Not saved/)
    await page.reload()
    await page.getByRole('application').getByText('Main menu').first().waitFor()
    await picture(page, 'unsaved')
    await page
      .getByRole('button', { name: /Restore|Take|Bring|Use/ })
      .first()
      .click()
    await expect.poll(async () => JSON.stringify((await flowOf(id)).flow)).toContain('Kept through the night')
    await close()
  })

  it('a page that is left at once has saved what was typed', async () => {
    const { id, page, close } = await newFlow('Left at once')
    await page
      .getByRole('application')
      .getByRole('group', { name: /Main menu/ })
      .click()
    await page.getByRole('textbox', { name: /^What callers hear/ }).fill('Typed on the way out')
    await page.goto('about:blank')
    await expect.poll(async () => JSON.stringify((await flowOf(id)).flow)).toContain('Typed on the way out')
    await close()
  })

  it('what another flow answers is taken over only when the person says so', async () => {
    const { id, page, close } = await newFlow('Second desk')
    const { revision } = await flowOf(id)
    const holder = (await flowOf(deskId)).flow.name
    await page.getByRole('switch').click()
    await page.getByText('Publish first').waitFor()
    await ask('POST', `/api/flows/${id}/publish`, { revision, note: '' })
    // It goes on by itself: until it is done there is nothing that could answer.
    const publishing = async () => (await ask('GET', `/api/flows/${id}/publish`)).body
    await expect.poll(publishing, { timeout: 20_000 }).toMatchObject({ publishing: { state: 'done' } })
    await page.getByRole('switch').click()
    await page.getByText(`${holder} takes these calls now.`).waitFor()
    await picture(page, 'answers-taken')
    expect(await page.getByRole('switch').isChecked()).toBe(false)
    await page.getByRole('textbox', { name: 'Account or number' }).fill('+1 (425) 555-0100')
    await page.keyboard.press('Enter')
    await page.getByText('+14255550100').waitFor()
    await page.getByRole('switch').click()
    await page.getByRole('button', { name: 'Take over' }).click()
    await expect.poll(() => page.getByRole('switch').isChecked()).toBe(true)
    await ask('PUT', `/api/flows/${deskId}/answers`, { called: null, on: true, take: true })
    await close()
  })

  it('a call ends with its page, and without a connection dialogs still open', async () => {
    const { page, close } = await product.page()
    const live = async () => {
      const { calls }: { calls: { state: string }[] } = (await ask('GET', '/api/calls')).body
      return calls.filter(({ state }) => state === 'live').length
    }
    await page.goto(`${product.url}/flows/${deskId}`)
    await page.getByRole('button', { name: 'Test call' }).click()
    const phone = page.getByRole('complementary', { name: 'Test call' })
    await phone.getByRole('button', { name: /^Call/ }).click()
    await phone.getByText('For sales, press 1.').waitFor()
    expect(await live()).toBe(1)
    await page.reload()
    await expect.poll(live, { timeout: 10_000 }).toBe(0)
    await page.getByRole('application').waitFor()
    await page.waitForTimeout(5000) // what may be asked for later is fetched by then
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Test call' }).click()
    await phone.waitFor()
    await page.context().setOffline(false)
    await close()
  })

  it('a flow is deleted from the list and restored, and deleted from the designer', async () => {
    const { id, page, close } = await newFlow('Short-lived')
    const listed = async () => {
      const { flows }: { flows: { id: string }[] } = (await ask('GET', '/api/flows')).body
      return flows.some((flow) => flow.id === id)
    }
    await page.goto(`${product.url}/flows`)
    await page.getByRole('button', { name: 'Actions for Short-lived' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('button', { name: 'Keep it' }).click()
    expect(await listed()).toBe(true)
    await page.getByRole('button', { name: 'Actions for Short-lived' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('button', { name: 'Restore' }).waitFor()
    expect(await listed()).toBe(false)
    await page.getByRole('button', { name: 'Restore' }).click()
    await expect.poll(listed).toBe(true)
    await page.goto(`${product.url}/flows/${id}`)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('alertdialog').waitFor()
    await picture(page, 'delete')
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await page.waitForURL(/\/flows$/)
    expect(await listed()).toBe(false)
    await close()
  })

  it('somebody without a mouse builds a flow and tests it', async () => {
    const { page, close } = await product.page()
    await page.goto(`${product.url}/flows`)
    await page.getByRole('link', { name: 'New flow' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('radio', { name: 'Phone menu' }).focus()
    await page.keyboard.press('ArrowUp') // from the first card to the last
    await page.getByRole('textbox', { name: 'Name' }).focus()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('By keyboard')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/flows\/.+-.+/)
    await page.getByRole('navigation', { name: 'Blocks' }).getByRole('button', { name: 'Say' }).focus()
    await page.keyboard.press('Enter')
    const text = page.getByRole('textbox', { name: /^What callers hear/ })
    await text.focus()
    await page.keyboard.type('Hello from the keyboard.')
    await page.getByRole('navigation', { name: 'Blocks' }).getByRole('button', { name: 'Hang up' }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('region', { name: 'Problems' }).textContent()).toContain('No problems')
    await saved(page)
    await page.getByRole('button', { name: 'Test call' }).focus()
    await page.keyboard.press('Enter')
    const phone = page.getByRole('complementary', { name: 'Test call' })
    await phone.getByRole('button', { name: /^Call/ }).focus()
    await page.keyboard.press('Enter')
    await phone.getByText('Hello from the keyboard.').waitFor()
    await expect.poll(() => phone.textContent(), { timeout: 15_000 }).toContain('Call again')
    await close()
  })

  it('a transfer can be answered or declined from the phone', async () => {
    const { page, close } = await product.page()
    await page.goto(`${product.url}/flows/${deskId}`)
    await page.getByRole('button', { name: 'Test call' }).click()
    const phone = page.getByRole('complementary', { name: 'Test call' })
    await phone.getByRole('button', { name: /^Call/ }).click()
    await phone.getByText('For sales, press 1.').waitFor()
    await page.keyboard.press('1')
    await phone.getByRole('button', { name: 'Decline' }).click({ timeout: 15_000 })
    await phone.getByText('Nobody in sales').waitFor()
    await picture(page, 'transfer-declined')
    await phone.getByRole('button', { name: 'Hang up' }).click()
    await close()
  })
})
