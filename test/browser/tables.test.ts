import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askerOf } from './ask.ts'
import { violations } from './axe.ts'
import { browserIsHere, picture, sideways } from './browser.ts'
import { openProduct, type Product } from './product.ts'
import { onCallList } from './tables.ts'

describe.skipIf(!browserIsHere)('tables', () => {
  let product: Product
  const ask = askerOf(() => product)
  beforeAll(async () => {
    product = await openProduct()
  })
  afterAll(() => product.close())

  const tableOf = async (name: string) => {
    const { tables } = (await ask('GET', '/api/tables')).body
    const found = tables.find((one: { table: { name: string } }) => one.table.name === name)
    return found && (await ask('GET', `/api/tables/${found.id}`)).body
  }
  const cell = (page: Page, row: number, column: number) => page.locator(`[data-place="${row} ${column}"]`)
  const saved = (page: Page) => page.getByText('Saved. The next call follows it.').waitFor()

  it('are made from nothing by keyboard, and saved when one says so', async () => {
    const { page, errors, close } = await product.page()
    await page.goto(`${product.url}/tables`)
    await page.getByRole('heading', { name: 'No tables yet' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'New table' }).click()
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Extensions')
    await page.getByRole('button', { name: 'Add a row' }).click()
    await cell(page, 0, 0).focus()
    await page.keyboard.type('Ada')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.keyboard.type('0049 40 66969 131')
    await page.keyboard.press('Enter')
    expect(await tableOf('Extensions')).toBeUndefined()
    await page.getByRole('button', { name: 'Save' }).click()
    await saved(page)
    const { rows } = await tableOf('Extensions')
    expect(rows.map(({ cells }: { cells: object }) => Object.values(cells))).toEqual([['Ada', '+494066969131']])
    expect(errors).toEqual([])
    await close()
  })

  it.each(['light', 'dark', 'contrast'])('say where they cannot be read, with the fix in it: %s', async (theme) => {
    const name = `On-call list ${theme}`
    const { id } = (await ask('POST', '/api/tables', onCallList(name))).body
    const { page, errors, close } = await product.page()
    await page.goto(`${product.url}/tables?id=${id}&theme=${theme}`)
    await cell(page, 1, 3).focus()
    await page.keyboard.press('Enter')
    await page.locator('.tables-input').fill('Timo Keller')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Use Timo Keller' }).click()
    await cell(page, 2, 4).focus()
    await page.keyboard.type('040 66969 133')
    await page.keyboard.press('Enter')
    await page.getByText('Row 3, Phone of the first: the country is missing, so it cannot be rung.').waitFor()
    await page.getByText('2 changes, 1 to mend').waitFor()
    await cell(page, 1, 2).focus()
    await page.waitForTimeout(300)
    await picture(page, `tables-edited-${theme}`)
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Use +494066969133' }).click()
    await page.getByText('1 change, not saved yet').waitFor() // it is the number that was there
    await page.getByRole('button', { name: 'Save' }).click()
    await saved(page)
    await page.getByText('Local user', { exact: true }).first().waitFor()
    await picture(page, `tables-history-${theme}`)
    await page.getByRole('tab', { name: 'Columns' }).click()
    await picture(page, `tables-columns-${theme}`)
    expect(await violations(page)).toEqual([])
    expect((await tableOf(name)).rows[1].cells.onCallSecond.name).toBe('Timo Keller')
    expect(errors).toEqual([])
    await close()
  })

  it('take rows from a spreadsheet and from a file, which first says what it would change', async () => {
    const { id } = (await ask('POST', '/api/tables', onCallList('From a file'))).body
    const { page, close } = await product.page()
    await page.goto(`${product.url}/tables?id=${id}`)
    await cell(page, 4, 4).focus()
    await page.evaluate(() => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', '+49 40 1234567\tpasted\n+49 40 7654321\tadded')
      document.activeElement?.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      )
    })
    await cell(page, 5, 5).getByText('added').waitFor()
    await page.getByRole('button', { name: 'Import CSV' }).click()
    const file = 'From,Note\n2026-12-14,changed\n2091-01-01,new\nsome day,not read\n'
    await page
      .getByLabel('Choose a file')
      .setInputFiles({ name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(file) })
    await page.getByText('1 new, 1 changed').waitFor()
    await page.getByText('1 cannot be read: row 3').waitFor()
    await page.waitForTimeout(500)
    await picture(page, 'tables-import')
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Take it over' }).click()
    await page.getByText('Taken over, not saved yet.').waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export CSV' }).click()
    expect((await download).suggestedFilename()).toBe('From a file.csv')
    await page.getByRole('button', { name: 'Save' }).click()
    await saved(page)
    const notes = (await tableOf('From a file')).rows.map(
      ({ cells }: { cells: { onCallNote?: string } }) => cells.onCallNote,
    )
    expect(notes).toEqual(['changed', 'Christmas: calls come early', undefined, undefined, 'pasted', 'added', 'new'])
    await close()
  })

  it('what somebody else has saved meanwhile is not overwritten', async () => {
    const made = onCallList('Two at once')
    const { id } = (await ask('POST', '/api/tables', made)).body
    const { page, close } = await product.page()
    await page.goto(`${product.url}/tables?id=${id}`)
    await cell(page, 0, 5).focus()
    await page.keyboard.type('mine')
    await page.keyboard.press('Enter')
    await ask('PUT', `/api/tables/${id}`, { ...made, rows: made.rows.slice(1), revision: 1 })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Local user has changed this table in the meantime.').waitFor()
    await page.getByRole('button', { name: 'Load theirs' }).click()
    await page.getByText('mine').waitFor({ state: 'detached' })
    expect((await tableOf('Two at once')).rows).toHaveLength(4)
    await close()
  })

  it.each([390, 320])('fit %i px, each row a card', async (width) => {
    const { id } = (await ask('POST', '/api/tables', onCallList(`Small ${width}`))).body
    const { page, close } = await product.page({ width, height: 844 })
    await page.goto(`${product.url}/tables?id=${id}`)
    await cell(page, 0, 0).waitFor()
    await picture(page, `tables-${width}`)
    expect(await sideways(page)).toBe(0)
    expect(await violations(page)).toEqual([])
    await close()
  })

  it('are chosen in a block, with a row and its cells; a flow that writes one keeps it for itself', async () => {
    const { page, errors, close } = await product.page()
    const { id: tableId } = (await ask('POST', '/api/tables', onCallList('Answers'))).body
    const { id: flowId } = (await ask('POST', '/api/flows', { name: 'By table', from: 'empty' })).body
    await page.goto(`${product.url}/flows/${flowId}`)
    await page.getByRole('button', { name: 'Table look-up' }).first().click()
    await page.getByRole('combobox', { name: /^Table/ }).selectOption({ label: 'Answers' })
    await page.getByRole('combobox', { name: 'Which row' }).selectOption({ label: 'The day of the call' })
    await page.getByRole('button', { name: 'Add a cell' }).click()
    await page.getByRole('combobox', { name: 'Column' }).selectOption({ label: 'Phone of the first' })
    await picture(page, 'tables-block')
    expect(await violations(page)).toEqual([])
    await expect
      .poll(async () => (await ask('GET', `/api/tables/${tableId}`)).body.uses)
      .toEqual([{ flowId, name: 'By table', draft: true, live: false, writes: false }])
    expect(await ask('DELETE', `/api/tables/${tableId}`)).toMatchObject({
      status: 409,
      body: { error: { code: 'inUse' } },
    })

    await page.getByRole('button', { name: 'Table update' }).first().click()
    await page.getByRole('combobox', { name: /^Table/ }).selectOption({ label: 'Answers' })
    await expect
      .poll(async () => (await ask('GET', `/api/tables/${tableId}`)).body.uses)
      .toMatchObject([{ name: 'By table', writes: true }])
    await page.goto(`${product.url}/tables?id=${tableId}`)
    await page.getByText('Written by “By table”, read only').waitFor()
    expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)
    expect(errors).toEqual([])
    await close()
  })
})
