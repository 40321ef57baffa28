import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askerOf } from './ask.ts'
import { browserIsHere, picture } from './browser.ts'
import { openShared, type Shared } from './product.ts'

type Blocks = Record<string, { type: string; name: string; settings: unknown; exits: Record<string, string> }>

/** How a flow is drawn by hand: what is typed is saved, what is copied goes everywhere, and the keyboard's focus is never lost. */
describe.skipIf(!browserIsHere)('the editor', () => {
  let product: Shared
  beforeAll(async () => {
    product = await openShared()
  })
  afterAll(() => product.close())

  const ask = askerOf(() => product)
  const create = async (name: string, from: 'sample' | 'empty' = 'sample'): Promise<string> =>
    (await ask('POST', '/api/flows', { name, from })).body.id
  async function open(page: Page, id: string) {
    await page.goto(`${product.url}/flows/${id}`)
    await page.getByRole('application').getByRole('group').first().waitFor()
  }
  async function newFlow(name: string, from: 'sample' | 'empty' = 'sample', options = {}) {
    const [id, opened] = [await create(name, from), await product.page(options)]
    await open(opened.page, id)
    return { id, ...opened }
  }
  const stored = async (id: string): Promise<{ revision: number; flow: { blocks: Blocks } }> =>
    (await ask('GET', `/api/flows/${id}`)).body
  const blocksOf = async (id: string) => (await stored(id)).flow.blocks
  const banner = (page: Page) => page.getByRole('banner').textContent()
  const block = (page: Page, name: string) =>
    page.getByRole('application').getByRole('group', { name: new RegExp(`, ${name}, `) })
  const prompt = (page: Page) => page.getByRole('textbox', { name: /^What callers hear/ })
  const said = (page: Page) => page.locator('.designer-toast').textContent()

  describe('saves', () => {
    it('what is typed without a rest every two seconds, and its words are true', async () => {
      const { id, page, close } = await newFlow('Typing')
      await block(page, 'Main menu').click()
      await prompt(page).click()
      const { revision } = await stored(id)
      let isTyping = true
      const typing = prompt(page)
        .pressSequentially('x'.repeat(36), { delay: 200 })
        .finally(() => {
          isTyping = false
        })
      // Twice while the hand does not rest, however long a busy machine takes for each key.
      for (let saves = 0; saves < 2; saves = (await stored(id)).revision - revision) {
        await page.waitForTimeout(500)
        const typed = await prompt(page).inputValue()
        // Between two keys all of it may be saved for a moment.
        if ((await banner(page))?.includes('Draft saved'))
          expect(JSON.stringify(await blocksOf(id))).toContain(JSON.stringify(typed).slice(1, -1))
        expect(isTyping).toBe(true)
      }
      await typing
      await expect.poll(() => banner(page)).toContain('Draft saved')
      expect(JSON.stringify(await blocksOf(id))).toContain('x'.repeat(36))
      await close()
    })

    it('what was typed in the last moment is there after a reload, without a connection too', async () => {
      const { page, close } = await newFlow('Reload')
      await page.evaluate(() => {
        const { fetch } = window
        window.fetch = async (to, init) => {
          if (init?.method === 'PUT') throw new TypeError('no connection')
          return fetch(to, init)
        }
      })
      await block(page, 'Main menu').click()
      await prompt(page).fill('Typed just now')
      await page.reload()
      await page.getByRole('button', { name: 'Bring it back' }).click()
      await block(page, 'Main menu').click()
      await expect.poll(() => prompt(page).inputValue()).toBe('Typed just now')
      await close()
    })

    it('a browser that keeps nothing works, and does not say that it does', async () => {
      const { page, close } = await newFlow('Private')
      await page.addInitScript(() => {
        Object.defineProperty(window, 'localStorage', {
          get() {
            throw new DOMException('refused', 'SecurityError')
          },
        })
      })
      await page.reload()
      await block(page, 'Main menu').click()
      await page.route('**/api/flows/*', (route) =>
        route.request().method() === 'PUT' ? route.abort() : route.continue(),
      )
      await prompt(page).fill('Nowhere')
      await expect.poll(() => banner(page)).toContain('this browser keeps nothing')
      await page.unroute('**/api/flows/*')
      await expect.poll(() => banner(page), { timeout: 10_000 }).toContain('Draft saved')
      await close()
    })

    it('two tabs of one person: the other one is named as their own', async () => {
      const { id, page, close } = await newFlow('Two tabs')
      const second = await page.context().newPage()
      await open(second, id)
      await block(second, 'Main menu').click()
      await prompt(second).fill('In the second')
      await expect.poll(() => banner(second)).toContain('Draft saved')
      await block(page, 'Main menu').click()
      await prompt(page).fill('In the first')
      await page.getByText('You changed this flow in another tab').waitFor()
      await picture(page, 'conflict-own-tab')
      await page.getByRole('button', { name: 'Keep mine' }).click()
      await expect.poll(() => banner(page)).toContain('Draft saved')
      expect(JSON.stringify(await blocksOf(id))).toContain('In the first')
      await close()
    })
  })

  describe('carries blocks', () => {
    it('by keys to another flow in another tab, as readable JSON', async () => {
      const { page, close } = await newFlow('From')
      const to = await create('To', 'empty')
      await block(page, 'Main menu').click()
      await block(page, 'Directions').click({ modifiers: ['Control'] })
      await page.keyboard.press('Control+c')
      await expect.poll(() => said(page)).toBe('2 blocks copied.')
      const second = await page.context().newPage()
      await open(second, to)
      await second
        .getByRole('application')
        .locator('.react-flow__pane')
        .click({ position: { x: 500, y: 400 } })
      await second.keyboard.press('Control+v')
      await block(second, 'Directions').waitFor()
      // The links to blocks that did not come along are to be made, and no errors yet.
      await expect.poll(() => banner(second)).toMatch(/\d things to do/)
      await picture(second, 'pasted')
      await expect.poll(async () => Object.keys(await blocksOf(to)).length).toBe(3)
      const blocks = Object.entries(await blocksOf(to))
      const [menu, directions] = ['Main menu', 'Directions'].map((name) => blocks.find(([, one]) => one.name === name))
      expect(menu?.[1].exits).toEqual({ '3': directions?.[0] })
      expect(directions?.[1].exits).toEqual({ done: menu?.[0] })
      await second.keyboard.press('Control+z')
      await expect.poll(() => block(second, 'Directions').count()).toBe(0)
      await close()
    })

    it('cut, duplicated and from the menu of a block, each one step', async () => {
      const { id, page, close } = await newFlow('Cut')
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      await block(page, 'Directions').click()
      await page.keyboard.press('Control+d')
      await block(page, 'Directions 2').waitFor()
      await page.keyboard.press('Control+x')
      await expect.poll(() => block(page, 'Directions 2').count()).toBe(0)
      await block(page, 'Directions').click()
      await page.getByRole('button', { name: 'Block actions' }).click()
      await picture(page, 'block-menu')
      await page.getByRole('menuitem', { name: 'Copy' }).click()
      await expect.poll(() => said(page)).toBe('1 block copied.')
      await page.getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('menuitem', { name: 'Paste blocks' }).click()
      await block(page, 'Directions 2').waitFor()
      await page.keyboard.press('Control+z')
      await expect.poll(() => block(page, 'Directions 2').count()).toBe(0)
      await expect.poll(async () => Object.keys(await blocksOf(id)).length).toBe(8)
      await close()
    })

    it('and cuts nothing that the clipboard did not take', async () => {
      const { page, close } = await newFlow('Refused')
      await page.evaluate(() => {
        navigator.clipboard.writeText = () => Promise.reject(new DOMException('refused', 'NotAllowedError'))
      })
      await block(page, 'Directions').click()
      await page.getByRole('button', { name: 'Block actions' }).click()
      await page.getByRole('menuitem', { name: 'Cut' }).click()
      await expect.poll(() => said(page)).toContain('did not let this page write')
      expect(await block(page, 'Directions').count()).toBe(1)
      await close()
    })

    it('and says in words why anything else cannot be pasted', async () => {
      const { page, close } = await newFlow('Foreign')
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      await block(page, 'Main menu').click()
      for (const [text, words] of [
        ['For sales, press 1.', 'holds text'],
        ['{"nodes":[]}', 'another program'],
        ['{"schemaVersion":1,"start":"a","blocks":{}}', 'a whole flow'],
        ['{"kind":"call-flow-blocks","schemaVersion":9,"blocks":{}}', 'a newer version'],
      ] as const) {
        await page.evaluate((one) => navigator.clipboard.writeText(one), text)
        await page.keyboard.press('Control+v')
        await expect.poll(() => said(page)).toContain(words)
      }
      await picture(page, 'paste-refused')
      await close()
    })

    it('never while text is typed', async () => {
      const { page, close } = await newFlow('Text')
      await block(page, 'Main menu').click()
      await prompt(page).fill('Copied text')
      await page.keyboard.press('Control+a')
      await page.keyboard.press('Control+c')
      await page.keyboard.press('End')
      await page.keyboard.press('Control+v')
      expect(await prompt(page).inputValue()).toBe('Copied textCopied text')
      await page.keyboard.press('Control+x')
      await expect.poll(() => block(page, 'Main menu').count()).toBe(1)
      await close()
    })
  })

  describe('puts blocks into links', () => {
    const middleOf = async (page: Page, name: string) => {
      const box = await block(page, name).boundingBox()
      if (!box) throw new Error(`${name} is not drawn`)
      return { x: box.x + box.width / 2, top: box.y, bottom: box.y + box.height }
    }

    it('from the palette, and by a block that stands alone; it is said', async () => {
      const { id, page, close } = await newFlow('Dropped')
      const canvas = page.getByRole('application')
      const frame = await canvas.boundingBox()
      const welcome = await middleOf(page, 'Welcome')
      await page
        .getByRole('navigation', { name: 'Blocks' })
        .getByRole('button', { name: 'Collect digits' })
        .dragTo(canvas, {
          targetPosition: { x: welcome.x - (frame?.x ?? 0), y: welcome.bottom + 45 - (frame?.y ?? 0) },
        })
      await expect.poll(() => said(page)).toContain('added between Welcome, next and Main menu')
      await picture(page, 'dropped-on-link')
      await page.getByRole('button', { name: 'Undo', exact: true }).click()
      await expect.poll(() => block(page, 'Collect digits').count()).toBe(0)

      await block(page, 'Directions').click()
      await page.keyboard.press('Control+d')
      await block(page, 'Directions 2').waitFor()
      const loose = await middleOf(page, 'Directions 2')
      const now = await middleOf(page, 'Welcome')
      await page.mouse.move(loose.x, loose.top + 20)
      await page.mouse.down()
      await page.mouse.move(now.x, now.bottom + 20, { steps: 12 })
      await picture(page, 'dragged-over-link')
      await page.mouse.up()
      await expect.poll(() => said(page)).toContain('now leads to Directions 2')
      const names = async () => {
        const blocks = await blocksOf(id)
        return blocks[blocks.welcome?.exits.done ?? '']?.name
      }
      await expect.poll(names).toBe('Directions 2')
      await page.keyboard.press('Control+z')
      await expect.poll(names).toBe('Main menu')
      await close()
    })

    it('and leaves room for the label of a way back, with all that was added in view', async () => {
      const { page, close } = await newFlow('Room', 'empty')
      await page.getByRole('navigation', { name: 'Blocks' }).getByRole('button', { name: 'Menu', exact: true }).click()
      await page.getByRole('button', { name: 'Add a key' }).click()
      for (const key of ['1', '2'])
        await page.getByRole('combobox', { name: `Key ${key} goes to` }).selectOption({ label: 'New: Say' })
      await block(page, 'Say 2').waitFor()
      await page.waitForTimeout(600) // the view follows
      await block(page, 'Say').click()
      await page.getByRole('region', { name: 'Then go to' }).getByRole('combobox').selectOption({ label: 'Menu' })
      const label = page.locator('.jump-label')
      await label.waitFor()
      await page.waitForTimeout(500)
      await picture(page, 'room-for-labels')
      const boxes = await Promise.all(
        [label, ...['Menu', 'Say', 'Say 2'].map((name) => block(page, name))].map((one) => one.boundingBox()),
      )
      const [words, menu, first, second] = boxes.map((box) => box ?? { x: 0, y: 0, width: 0, height: 0 })
      if (!words || !menu || !first || !second) throw new Error('not drawn')
      expect(words.y).toBeGreaterThanOrEqual(first.y + first.height)
      expect(words.y + words.height).toBeLessThan(second.y)
      for (const { x, y, width, height } of [menu, first, second]) {
        expect([x > 240, y > 56, x + width < 1440 - 360, y + height < 860]).toEqual([true, true, true, true])
      }
      await close()
    })

    it('a menu among them leads nowhere until somebody says where', async () => {
      const { id, page, close } = await newFlow('Inserted menu')
      await page.getByRole('button', { name: 'Insert a block after Welcome, next' }).click()
      await page.getByRole('listbox').getByRole('option', { name: 'New: Menu' }).click()
      await expect.poll(() => said(page)).toContain('The ways out of Menu lead nowhere yet')
      await picture(page, 'inserted-menu')
      await expect
        .poll(async () => Object.values(await blocksOf(id)).find(({ name }) => name === 'Menu')?.exits)
        .toEqual({})
      await close()
    })
  })

  describe('keeps the focus', () => {
    const focused = (page: Page) =>
      page.evaluate(() => {
        const { activeElement: at } = document
        return at === document.body ? 'BODY' : (at?.getAttribute('aria-label') ?? at?.textContent ?? '')
      })
    const press = async (page: Page, name: string | RegExp) => {
      await page.getByRole('button', { name }).first().focus()
      await page.keyboard.press('Enter')
    }
    /** From the opener through what it opens and back: how it is opened, and how closed. */
    const ways: [
      name: string,
      opener: string,
      opens: (page: Page) => Promise<void>,
      closes: (page: Page) => Promise<void>,
    ][] = [
      [
        'publish, Escape',
        'Publish',
        (page) => press(page, 'Publish'),
        async (page) => {
          await page.getByRole('dialog').waitFor()
          await page.keyboard.press('Escape')
          await page.getByRole('dialog').waitFor({ state: 'detached' })
        },
      ],
      [
        'publish, done',
        'Publish',
        (page) => press(page, 'Publish'),
        async (page) => {
          await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).focus()
          await page.keyboard.press('Enter')
          await page.getByRole('dialog').waitFor({ state: 'detached' })
        },
      ],
      [
        'More, Delete flow, Escape',
        'More actions',
        async (page) => {
          await press(page, 'More actions')
          await page.getByRole('menuitem', { name: 'Delete flow' }).press('Enter')
        },
        async (page) => {
          await page.getByRole('alertdialog').waitFor()
          await page.keyboard.press('Escape')
          await page.getByRole('alertdialog').waitFor({ state: 'detached' })
        },
      ],
      [
        'the menu, Escape',
        'More actions',
        (page) => press(page, 'More actions'),
        (page) => page.getByRole('menuitem').first().press('Escape'),
      ],
      [
        'the test phone',
        'Test call',
        (page) => press(page, 'Test call'),
        async (page) => {
          const phone = page.getByRole('complementary', { name: 'Test call' })
          await phone.getByRole('button', { name: /^Close/ }).focus()
          await page.keyboard.press('Enter')
          await phone.waitFor({ state: 'detached' })
        },
      ],
      [
        'find, Escape',
        'Find a block (Ctrl+F)',
        (page) => press(page, /^Find a block \(/),
        (page) => page.keyboard.press('Escape'),
      ],
      [
        'a port’s list, Escape',
        'Welcome, next, to Main menu',
        (page) => press(page, 'Welcome, next, to Main menu'),
        (page) => page.getByRole('combobox', { name: 'Type a name' }).press('Escape'),
      ],
    ]

    it('of whoever opens something and closes it again', async () => {
      const { page, close } = await newFlow('Focus')
      await page.waitForTimeout(3000) // what may be asked for later is fetched by then
      const lost: string[] = []
      for (const [name, opener, opens, closes] of ways) {
        await opens(page)
        await page.waitForTimeout(200)
        await closes(page)
        await expect
          .poll(() => focused(page), { timeout: 3000 })
          .toBe(opener)
          .catch(async () => {
            lost.push(`${name}: ${await focused(page)}`)
          })
      }
      expect(lost).toEqual([])
      await close()
    })

    it('of whoever removes what had it', async () => {
      const { page, close } = await newFlow('Removed')
      await block(page, 'Main menu').click()
      await press(page, 'Remove key 3')
      await page.waitForTimeout(300)
      expect(await focused(page)).not.toBe('BODY')
      await page.getByRole('button', { name: 'Block actions' }).click()
      await page.getByRole('menuitem', { name: 'Delete block', exact: true }).press('Enter')
      await expect.poll(() => focused(page)).toMatch(/^Say, Welcome/)
      await page.keyboard.press('Delete')
      await expect.poll(() => focused(page)).toMatch(/^Incoming call/)
      await page.keyboard.press('Control+z')
      await page.waitForTimeout(300)
      expect(await focused(page)).not.toBe('BODY')
      await close()
    })

    it('of whoever makes a flow, and leads there with few keys', async () => {
      const { page, close } = await product.page()
      await page.goto(`${product.url}/flows`)
      await page.getByRole('link', { name: 'New flow' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('radio', { name: 'Empty flow' }).press('Space')
      await page.getByRole('textbox', { name: 'Name' }).press('Enter')
      await page.waitForURL(/\/flows\/.+-.+/)
      await expect.poll(() => focused(page), { timeout: 10_000 }).toMatch(/^Incoming call/)
      // A flow that is opened again takes the focus from nobody: the first Tab leads past all of it.
      await page.getByRole('textbox', { name: 'Name' }).first().fill('Saved once')
      await expect.poll(() => banner(page)).toContain('Draft saved')
      await page.reload()
      await page.getByRole('application').getByRole('group').first().waitFor()
      await page.keyboard.press('Tab')
      await expect.poll(() => focused(page)).toBe('Go to the blocks of the flow')
      await picture(page, 'skip-link')
      await page.keyboard.press('Enter')
      await expect.poll(() => focused(page)).toMatch(/^Incoming call/)
      await close()
    })
  })

  describe('is calm', () => {
    it('blocks stand in the order of a call for those who listen, and say that they are selected', async () => {
      const { page, close } = await newFlow('Order')
      await block(page, 'Main menu').click()
      const spoken = await page
        .getByRole('application')
        .locator('[data-block]')
        .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))
      expect(spoken.map((words) => words.split(', ')[1])).toEqual([
        'Main number',
        'Welcome',
        'Main menu',
        'Sales',
        'Nobody free',
        'Goodbye',
        'Support hours',
        'Directions',
      ])
      expect(spoken.filter((words) => words.endsWith(', selected'))).toEqual(['Menu, Main menu, 5 outcomes, selected'])
      await close()
    })

    it.each(['light', 'dark', 'contrast'])('about a new block until it is left (%s)', async (theme) => {
      const { page, close } = await product.page()
      const id = await create('Calm', 'empty')
      await page.goto(`${product.url}/flows/${id}?theme=${theme}`)
      await page.getByRole('navigation', { name: 'Blocks' }).getByRole('button', { name: 'Menu', exact: true }).click()
      await page.getByRole('region', { name: '2 things to do' }).waitFor()
      await page.waitForTimeout(600)
      await picture(page, `new-block-${theme}`)
      expect(await page.getByRole('banner').textContent()).toContain('2 things to do')
      // What has a safe value has it at once.
      const silence = page.getByRole('region', { name: 'When nothing is pressed' })
      expect(await silence.textContent()).toContain('Set already, so that no caller is cut off in silence.')
      expect(await block(page, 'Menu').textContent()).toMatch(/Nothing pressedthe apologyWrong keythe apology$/)
      expect(await page.locator('.designer [role="alert"]').count()).toBe(0)
      await page.getByRole('button', { name: 'Choose where “Key 1” leads' }).click()
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
        .toBe('Key 1 goes to')
      // A new block from the settings: the view follows, and both are still calm.
      await page.getByRole('combobox', { name: 'Key 1 goes to' }).selectOption({ label: 'New: Say' })
      await block(page, 'Say').waitFor()
      await page.waitForTimeout(500)
      await picture(page, `new-block-linked-${theme}`)
      const box = await block(page, 'Say').boundingBox()
      expect(box && box.x + box.width).toBeLessThan(1440 - 360)
      await block(page, 'Incoming call').click()
      await expect.poll(() => banner(page)).toContain('1 error')
      await picture(page, `new-block-left-${theme}`)
      await close()
    })

    it('a person is asked for by what is wrong, at the right field', async () => {
      const { page, close } = await newFlow('Person')
      await block(page, 'Sales').click()
      await page.getByRole('button', { name: 'More: use an object id' }).click()
      await page.getByRole('textbox', { name: /^Object id/ }).fill('adele@contoso.com')
      await page
        .getByText(/is not an object id/)
        .first()
        .waitFor()
      await picture(page, 'person-email')
      await page.getByRole('button', { name: 'Problems' }).first().click()
      await page
        .getByRole('region', { name: 'Problems' })
        .getByRole('button', { name: /^Show Sales/ })
        .click()
      await expect
        .poll(() => page.evaluate(() => (document.activeElement as HTMLInputElement | null)?.value))
        .toBe('adele@contoso.com')
      await close()
    })

    it('a word of other products finds a block, and what is new is told from what is there', async () => {
      const { page, close } = await newFlow('Words')
      const find = page.getByRole('searchbox', { name: 'Find a block type' })
      await find.fill('prompt')
      await page.getByRole('navigation', { name: 'Blocks' }).getByRole('button', { name: 'Say' }).waitFor()
      await find.fill('recognition')
      await page.getByText('There is no block for speech yet.').waitFor()
      await picture(page, 'palette-not-there-yet')
      await page.getByRole('button', { name: 'Support hours, next, to Goodbye' }).click()
      await page.getByRole('combobox', { name: 'Type a name' }).fill('menu')
      await picture(page, 'port-menu')
      await page.keyboard.press('Enter')
      await expect.poll(() => said(page)).toContain('Menu added after Support hours')
      await close()
    })

    it('says whose changes go out with mine', async () => {
      const id = await create('Whose')
      const { flow, revision } = await stored(id)
      const { page, close } = await product.page()
      // Locally there is one person; the page is told that somebody else saved last.
      await ask('PUT', `/api/flows/${id}`, { flow: { ...flow, apology: 'Changed.' }, revision })
      await page.route(`**/api/flows/${id}`, async (route) => {
        if (route.request().method() !== 'GET') return route.continue()
        const response = await route.fetch()
        await route.fulfill({ response, json: { ...(await response.json()), updatedBy: 'Jonas Berg' } })
      })
      await open(page, id)
      await page.getByRole('button', { name: 'Publish' }).click()
      await page.getByText('What Jonas Berg changed last').waitFor()
      await picture(page, 'publish-whose')
      await close()
    })
  })

  describe('from the first moment', () => {
    it('a tab is called as its flow, also when that gets another name', async () => {
      const { page, close } = await newFlow('Night desk')
      await expect.poll(() => page.title()).toBe('Night desk · Call flows')
      await page.getByRole('textbox', { name: 'Name' }).first().fill('Day desk')
      await expect.poll(() => page.title()).toBe('Day desk · Call flows')
      await close()
    })

    it('a double click on a kind of block adds one', async () => {
      const { id, page, close } = await newFlow('Double', 'empty')
      await page.getByRole('navigation', { name: 'Blocks' }).getByRole('button', { name: 'Say' }).dblclick()
      await expect.poll(async () => Object.keys(await blocksOf(id)).length).toBe(2)
      await page.waitForTimeout(1500)
      expect(Object.keys(await blocksOf(id))).toHaveLength(2)
      await close()
    })

    it('a long name without a blank stays in its dialogs', async () => {
      const { page, close } = await newFlow('W'.repeat(100), 'sample', { width: 768 })
      for (const opens of ['Publish', 'Delete flow']) {
        if (opens === 'Publish') await page.getByRole('button', { name: opens }).click()
        else {
          await page.getByRole('button', { name: 'More actions' }).click()
          await page.getByRole('menuitem', { name: opens }).click()
        }
        const dialog = page.locator('[role=dialog], [role=alertdialog]').last()
        await dialog.waitFor()
        await page.waitForTimeout(400)
        await picture(page, `long-name-${opens.split(' ')[0]?.toLowerCase()}`)
        expect(await dialog.evaluate((one) => one.scrollWidth - one.clientWidth)).toBeLessThanOrEqual(1)
        await page.keyboard.press('Escape')
        await dialog.waitFor({ state: 'detached' })
      }
      await close()
    })

    it('on a phone, undo, find and the settings of the flow are in More', async () => {
      const { page, close } = await newFlow('On a phone', 'sample', { width: 390, height: 844 })
      const more = async (name: string) => {
        await page.getByRole('button', { name: 'More actions' }).click()
        await picture(page, 'phone-more')
        await page.getByRole('menuitem', { name }).click()
      }
      await more('Settings of the flow')
      await page.getByRole('textbox', { name: 'Name' }).first().fill('Renamed on a phone')
      await picture(page, 'phone-flow-settings')
      await page.getByRole('button', { name: /^Close settings/ }).click()
      await more('Undo')
      await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toBe('On a phone')
      await more('Find a block')
      await picture(page, 'phone-find-opened')
      await page.getByRole('searchbox', { name: /^Find a block \(/ }).fill('sales')
      await picture(page, 'phone-find')
      await page.getByText('3 blocks found').waitFor()
      await page.getByRole('button', { name: 'Close the search' }).click()
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
      await page.evaluate(() => navigator.clipboard.writeText('For sales, press 1.'))
      await more('Paste blocks')
      await expect.poll(() => said(page)).toContain('holds text')
      await picture(page, 'phone-notice')
      expect((await page.locator('.designer-toast').boundingBox())?.width).toBeGreaterThan(250)
      await close()
    })
  })
})
