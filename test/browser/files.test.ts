import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bundle, bundleVersion, writeBundle } from '#flow/bundle.ts'
import { Calendar } from '#flow/calendar.ts'
import { weekOf } from '#flow/testing/calendars.ts'
import { block, draw, hangUp } from '#flow/testing/draw.ts'
import { askerOf } from './ask.ts'
import { violations } from './axe.ts'
import { browserIsHere, picture } from './browser.ts'
import { openShared, type Shared } from './product.ts'
import { onCallList } from './tables.ts'

describe.skipIf(!browserIsHere)('a file with hours and tables', () => {
  let product: Shared
  const ask = askerOf(() => product)
  beforeAll(async () => {
    product = await openShared()
  })
  afterAll(() => product.close())

  const [hours, list] = ['aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000002']
  function bundleOf(theme: string): Bundle {
    const names = { hours: `Practice ${theme}`, list: `On call ${theme}` }
    const flow = draw(
      {
        hours: block('businessHours', { calendar: { id: hours, name: names.hours } }, { open: 'find' }),
        find: block(
          'tableLookUp',
          {
            table: { id: list, name: names.list },
            match: { kind: 'today', first: 'onCallFrom', last: 'onCallTo' },
            results: [{ column: 'onCallPhone', variable: 'p' }],
          },
          { found: 'ask' },
        ),
        ask: block(
          'httpRequest',
          { url: 'https://crm.example.com', auth: 'bearer', secret: `crm_${theme}` },
          { '2xx': 'end' },
        ),
        end: hangUp(),
      },
      { name: `Desk ${theme}` },
    )
    const week = weekOf(['08:00', '17:00'])
    return {
      ...{ bundleVersion, flow, flows: {}, needs: { secrets: [`crm_${theme}`], values: [] } },
      calendars: { [hours]: Calendar.parse({ name: names.hours, timeZone: 'Europe/Berlin', week }) },
      tables: { [list]: onCallList(names.list) },
    }
  }

  const tooLarge = { message: 'This file is more than 8 MB.', next: 'Leave the rows of its tables out.' }
  it.each(['light', 'dark', 'contrast'])(
    'comes in, says what it has made, and goes out as the same bytes: %s',
    async (theme) => {
      const { table, rows } = onCallList(`On call ${theme}`)
      const file = writeBundle({ ...bundleOf(theme), tables: { [list]: { table, rows } } })
      const { page, errors, close } = await product.page()
      await page.goto(`${product.url}/flows?theme=${theme}`)
      await page.getByRole('button', { name: 'Import' }).click()
      const dialog = page.getByRole('dialog')
      const chosen = { name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(file) }
      await dialog.locator('input[type="file"]').setInputFiles(chosen)
      await page.getByText(`the hours “Practice ${theme}”, the table “On call ${theme}” with 5 rows`).waitFor()
      await page.waitForTimeout(500) // it is there in full
      await picture(page, `file-chosen-${theme}`)
      expect(await violations(page)).toEqual([])
      await dialog.getByRole('button', { name: 'Import' }).click()
      await page.getByText(`New here: the hours “Practice ${theme}”, the table “On call ${theme}”.`).waitFor()
      await page.getByText(`It names what is not here: crm_${theme}.`).waitFor()
      await picture(page, `file-brought-${theme}`)
      expect(await violations(page)).toEqual([])

      await page.getByRole('link', { name: 'Open the flow' }).click()
      await page.waitForURL(/\/flows\/[0-9a-f-]{36}$/)
      await page.goto(`${page.url()}?theme=${theme}`)
      await page.getByRole('button', { name: 'More' }).click()
      await page.getByRole('menuitem', { name: 'Export' }).click()
      await page.getByRole('checkbox', { name: 'With the rows of its tables' }).click()
      await page.waitForTimeout(500)
      await picture(page, `file-export-${theme}`)
      expect(await violations(page)).toEqual([])
      const download = page.waitForEvent('download')
      // A file that could not come in again is refused in words, and leaving the rows out is a way on.
      await page.route('**/file?rows=1', (route) =>
        route.fulfill({ status: 413, json: { error: { code: 'fileTooLarge', ...tooLarge } } }),
      )
      const submit = page.getByRole('dialog').getByRole('button', { name: 'Export' })
      await submit.click()
      await page.getByText(`${tooLarge.message} ${tooLarge.next}`).waitFor()
      await picture(page, `file-too-large-${theme}`)
      expect(await violations(page)).toEqual([])
      errors.length = 0 // the browser writes every 413 to its console
      await page.unroute('**/file?rows=1')
      await submit.click()
      const taken = await download
      expect(taken.suggestedFilename()).toBe(`Desk ${theme}.json`)
      expect(readFileSync(await taken.path(), 'utf8')).toBe(file)
      expect(errors).toEqual([])

      // Again: what is there is taken.
      const again = await ask('POST', '/api/flows/import', file)
      expect(again.body).toMatchObject({ name: `Desk ${theme} 2`, made: [], matched: [{}, {}], missing: [] })
      await close()
    },
  )

  it('is refused by its code when it is hostile, and nothing of it is made', async () => {
    const before = await ask('GET', '/api/calendars')
    const file = JSON.parse(writeBundle(bundleOf('hostile')))
    const refused = async (parts: object) => {
      const { status, body } = await ask('POST', '/api/flows/import', { ...file, ...parts })
      return [status, body?.error?.code]
    }
    const [calendar] = Object.values(file.calendars)
    const many = Array.from({ length: 100_000 }, (_, n) => [
      `aaaaaaaa-0000-4000-8000-${String(n).padStart(12, '0')}`,
      0,
    ])
    expect(await refused({ x: 'x'.repeat(10_000_000) })).toEqual([413, 'fileTooLarge'])
    expect(await refused({ calendars: Object.fromEntries(many) })).toEqual([413, 'flowTooLarge'])
    expect(await refused({ x: JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`) })).toEqual([400, 'flowNotReadable'])
    expect(await refused({ calendars: { [hours]: { ...Object(calendar), timeZone: 'Moon' } } })).toEqual([
      400,
      'flowNotReadable',
    ])
    expect(await refused({ bundleVersion: 2 })).toEqual([422, 'flowTooNew'])
    expect(await ask('GET', '/api/calendars')).toEqual(before)
  })
})
