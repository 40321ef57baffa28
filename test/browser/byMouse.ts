import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** What an administrator does at the pages of a product with the mouse, and what they type; in their words. */
export function atTheMouse(page: Page, url: string) {
  const canvas = page.getByRole('application')
  const settings = page.getByRole('complementary')
  const palette = page.getByRole('navigation', { name: 'Blocks' })

  return {
    /** Goes to another page by the bar. */
    async goes(section: string) {
      await page.getByRole('banner').getByRole('link', { name: section, exact: true }).click()
    },
    async makesFlow(name: string) {
      await page.goto(`${url}/flows`)
      await page.getByRole('link', { name: 'New flow' }).click()
      await page.getByText('Empty flow').click()
      await page.getByRole('textbox', { name: 'Name' }).fill(name)
      await page.getByRole('button', { name: 'Create flow' }).click()
      await palette.getByRole('button', { name: 'Menu', exact: true }).waitFor()
    },
    /** The first block, by a click: it follows the incoming call by itself. */
    async takes(kind: string) {
      await palette.getByRole('button', { name: kind, exact: true }).click()
    },
    /** From a port, as it is spoken ("Menu, key 1"), to a block that is there, or by "New: Menu" to a new one. */
    async leads(port: string, to: string) {
      const isNew = to.startsWith('New: ')
      await page.getByRole('button', { name: /^Show every block/ }).click()
      await page.waitForTimeout(400) // the canvas glides, and a list that opens beside a port closes when it is pressed elsewhere
      const from = canvas.getByRole('button', { name: startsWith(`${port}, `) })
      // A large flow that is shown whole has no ports that can be pressed: one looks closer at the block.
      for (let looks = 0; looks < 5 && !(await from.isVisible()); looks++) {
        await canvas.getByRole('group', { name: `, ${port.split(', ')[0]}, ` }).hover()
        await page.mouse.wheel(0, -120)
        await page.waitForTimeout(400)
      }
      await from.click()
      const list = page.getByRole('listbox', { name: `${port} leads to` })
      // A block has the name of its kind behind its own.
      await list.getByRole('option', { name: isNew ? to : startsWith(`${to} `), exact: isNew }).click()
      if (isNew) await settings.getByText(to.slice('New: '.length), { exact: true }).first().waitFor()
    },
    ...inTheSettings(page),
    async publishes() {
      await expect.poll(() => page.getByRole('region', { name: 'Problems' }).textContent()).toContain('No problems')
      await page.getByRole('button', { name: 'Publish' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('button', { name: 'Publish' }).click()
      await page.getByRole('banner').getByText('version 1 is published').waitFor({ timeout: 60_000 })
      if (await dialog.isVisible()) await page.keyboard.press('Escape')
    },
  }
}

/** In the settings of the block that is chosen. */
function inTheSettings(page: Page) {
  const settings = page.getByRole('complementary')
  return {
    /** Types into a field of the settings. */
    async fills(field: string | RegExp, text: string) {
      const wanted = typeof field === 'string' ? startsWith(field) : field
      await settings.getByRole('textbox', { name: wanted }).first().fill(text)
    },
    async chooses(field: string, choice: string) {
      await settings.getByRole('combobox', { name: startsWith(field) }).selectOption({ label: choice })
    },
    /** The keys of a menu beyond the first, and what each means. */
    async offers(meanings: Readonly<Record<string, string>>) {
      for (const [n, [key, meaning]] of Object.entries(meanings).entries()) {
        if (n > 0) await settings.getByRole('button', { name: 'Add a key' }).click()
        await settings.getByRole('textbox', { name: `Meaning of key ${key}`, exact: true }).fill(meaning)
      }
    },
    /** A queue or attendant, by what its administrators have at hand. */
    async gives(name: string, id: string) {
      await settings
        .getByRole('textbox', { name: startsWith('Name') })
        .nth(1)
        .fill(name)
      await settings.getByRole('textbox', { name: startsWith('Object id') }).fill(id)
    },
    /** Keeps something in a new variable; its type is what suits the block best. */
    async keepsIn(field: string, name: string) {
      await settings.getByRole('combobox', { name: field, exact: true }).last().selectOption({ label: 'New variable…' })
      await settings.getByRole('textbox', { name: 'Name of the variable' }).fill(name)
      await settings.getByRole('button', { name: 'Declare' }).click()
    },
    async clicks(button: string) {
      await settings.getByRole('button', { name: button, exact: true }).click()
    },
    /** Gives the block a name, behind which the settings are closed. */
    async names(name: string) {
      await settings.getByRole('textbox', { name: 'Name', exact: true }).first().fill(name)
      await settings.getByRole('button', { name: /^Close settings/ }).click()
    },
  }
}

/** The test phone beside a flow. */
export function atThePhone(page: Page) {
  const phone = page.getByRole('complementary', { name: 'Test call' })
  return {
    /** At a time of the flow's clocks ("2026-12-25 10:00"), or now. */
    async calls(at?: string) {
      const change = phone.getByRole('button', { name: 'Change the call' })
      if (await change.isVisible()) await change.click()
      else await page.getByRole('button', { name: 'Test call' }).click()
      const [day, time] = at?.split(' ') ?? []
      if (day && time) {
        await phone.getByRole('switch', { name: 'At another time' }).setChecked(true)
        await phone.getByLabel('Day', { exact: true }).fill(day)
        await phone.getByLabel('Time', { exact: true }).fill(time)
      }
      await phone.getByRole('button', { name: 'Call', exact: true }).click()
    },
    async hears(text: string | RegExp) {
      await phone.getByText(text).last().waitFor({ timeout: 20_000 })
    },
    async presses(keys: string) {
      const name = { '#': 'Hash', '*': 'Star' } as Record<string, string>
      for (const key of keys) await phone.getByRole('button', { name: startsWith(name[key] ?? key) }).click()
    },
    async does(button: string) {
      await phone.getByRole('button', { name: button, exact: true }).click()
    },
    async hangsUp() {
      await phone.getByRole('button', { name: 'Hang up' }).click()
      await phone.getByText('You hung up.').waitFor()
    },
  }
}

const startsWith = (text: string) => new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)
