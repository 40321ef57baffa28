import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeFlow } from '#flow/flow.ts'
import { frontDesk } from '#flow/sample.ts'
import { askerOf } from './ask.ts'
import { violations } from './axe.ts'
import { atWidths, browserIsHere, cutOff, picture, sideways } from './browser.ts'
import { openProduct, type Product } from './product.ts'

describe.skipIf(!browserIsHere)('the way back', () => {
  let product: Product
  beforeAll(async () => {
    product = await openProduct()
  })
  afterAll(() => product.close())

  const ask = askerOf(() => product)

  /** A flow with three versions that say different things, and a draft that nobody hears. */
  async function flowWithVersions(name: string) {
    const { id } = (await ask('POST', '/api/flows', { name, from: 'sample' })).body
    let { revision } = (await ask('GET', `/api/flows/${id}`)).body
    const save = async (apology: string) => {
      ;({ revision } = (await ask('PUT', `/api/flows/${id}`, { flow: { ...frontDesk, name, apology }, revision })).body)
    }
    for (const [apology, note] of [
      ['Sorry, once.', 'First opening'],
      ['Sorry, twice.', 'Christmas hours, with a note that is long enough to need a second line on most screens'],
      ['Sorry, thrice.', ''],
    ]) {
      await save(apology ?? '')
      await ask('POST', `/api/flows/${id}/publish`, { revision, note })
      // It goes on by itself, and one after the other.
      const state = async () => (await ask('GET', `/api/flows/${id}/publish`)).body.publishing.state
      await expect.poll(state, { timeout: 20_000 }).toBe('done')
    }
    await save('Only a draft.')
    return id as string
  }
  const draftOf = async (id: string) => (await ask('GET', `/api/flows/${id}`)).body

  it('rolls back in three clicks from the flow: a new version equal to the old one', async () => {
    const id = await flowWithVersions('Three clicks')
    const { page, errors, close } = await product.page()
    await page.goto(`${product.url}/flows/${id}`)
    await page.getByRole('link', { name: 'Versions' }).click()
    await page.getByRole('button', { name: 'Roll back to version 1', exact: true }).click()
    await picture(page, 'versions-roll-back')
    await page.getByRole('alertdialog').getByRole('button', { name: 'Roll back' }).click()
    await page.getByText('Callers hear version 4 now. It is equal to version 1.').waitFor()
    await page.getByText('Rolled back to version 1.', { exact: true }).waitFor()
    const file = async (version: string) => (await fetch(`${product.url}/api/flows/${id}/file${version}`)).text()
    expect(await file('?version=4')).toBe(await file('?version=1'))
    expect((await draftOf(id)).flow.apology).toBe('Only a draft.')
    expect(errors).toEqual([])
    await close()
  })

  it('throws a draft away and brings it back, and restores an old version as the draft', async () => {
    const id = await flowWithVersions('Draft and back')
    const { page, close } = await product.page()
    await page.goto(`${product.url}/flows/${id}/versions`)
    await page.getByRole('button', { name: 'Throw changes away' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Throw changes away')
    expect((await draftOf(id)).flow.apology).toBe('Only a draft.')
    await page.getByRole('button', { name: 'Throw changes away' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Throw changes away' }).click()
    await page.getByText('The changes were thrown away.').waitFor()
    expect((await draftOf(id)).flow.apology).toBe('Sorry, thrice.')
    await page.getByRole('heading', { name: 'Drafts put aside' }).waitFor()
    await page.getByRole('button', { name: 'Restore as draft' }).click()
    await page.getByRole('alertdialog').getByText('Put this draft in the place of the one of now?').waitFor()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click()
    await picture(page, 'versions-put-aside')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('The draft is as it was.').waitFor()
    expect((await draftOf(id)).flow.apology).toBe('Only a draft.')

    await page.getByRole('link', { name: 'Version 2' }).click()
    await page.getByRole('application').getByText('Main menu').first().waitFor()
    await page.getByRole('button', { name: 'Restore as draft' }).first().click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Restore as draft' }).click()
    await page.getByText('The draft is version 2 again.').waitFor()
    const { flow, revision } = await draftOf(id)
    expect(flow.apology).toBe('Sorry, twice.')
    await ask('PUT', `/api/flows/${id}`, { flow: { ...flow, apology: 'Meanwhile.' }, revision })
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Somebody else has changed it in the meantime.').waitFor()
    expect((await draftOf(id)).flow.apology).toBe('Meanwhile.')
    await close()
  })

  it('opens a version as it was: every setting is read, and none can be changed', async () => {
    const id = await flowWithVersions('As it was')
    const { page, close } = await product.page()
    await page.goto(`${product.url}/flows/${id}/versions/1`)
    await page.getByRole('application').getByText('Main menu').first().waitFor()
    await page.getByRole('complementary').getByRole('button', { name: /^Menu/ }).click()
    const prompt = page.getByRole('textbox', { name: /^What callers hear/ })
    expect(await prompt.inputValue()).toContain('For sales, press 1.')
    expect(await prompt.isDisabled()).toBe(true)
    for (const name of ['Add a key', 'Remove key 1', /^Listen/])
      expect(await page.getByRole('button', { name }).count()).toBe(0)
    await picture(page, 'version-settings')
    await page.getByRole('button', { name: 'Back to the blocks' }).click()
    await page.getByText('Blocks in the order of a call').waitFor()
    await close()
  })

  describe.each(['light', 'dark', 'contrast'])('in %s', (theme) => {
    it('axe finds nothing on the pages of versions, deleted flows and the import', async () => {
      const id = await flowWithVersions(`Looked at in ${theme}`)
      const deleted = await flowWithVersions(`Deleted in ${theme}`)
      await ask('DELETE', `/api/flows/${deleted}`)
      const { page, errors, foreign, close } = await product.page()
      const pages: [name: string, path: string, text: string][] = [
        ['versions', `/flows/${id}/versions`, 'Version 3'],
        ['version', `/flows/${id}/versions/2`, 'Blocks in the order of a call'],
        ['deleted-flows', '/flows/deleted', `Deleted in ${theme}`],
        ['deleted-flow', `/flows/${deleted}`, 'was deleted'],
        ['flows', '/flows', `Looked at in ${theme}`],
      ]
      for (const [name, path, text] of pages) {
        await page.goto(`${product.url}${path}?theme=${theme}`)
        await page.getByText(text).first().waitFor()
        await page.waitForTimeout(700)
        await picture(page, `${name}-${theme}`)
        expect(await violations(page), name).toEqual([])
      }
      await page.getByRole('button', { name: `Actions for Looked at in ${theme}` }).click()
      await picture(page, `flows-menu-${theme}`)
      // The row under the pointer has other colours, and axe does not judge what cannot be seen at all.
      const item = page.getByRole('menuitem').first()
      const colours = await item.evaluate((one) => {
        const menu = one.closest('[role=menu]')
        return [getComputedStyle(one).color, menu && getComputedStyle(menu).backgroundColor]
      })
      expect(new Set(colours).size).toBe(2)
      expect(await violations(page), 'menu').toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'Import' }).click()
      await page.getByRole('dialog').waitFor()
      await page.waitForTimeout(500)
      await picture(page, `import-${theme}`)
      expect(await violations(page), 'import').toEqual([])
      // The answer to a deleted flow's address is a refusal, which the browser writes down.
      expect(errors.filter((error) => !error.includes('410'))).toEqual([])
      expect(foreign).toEqual([])
      await close()
    })
  })

  it('nothing scrolls sideways at any width', async () => {
    const id = await flowWithVersions('Narrow')
    const deleted = (await ask('POST', '/api/flows', { name: 'Narrow and deleted', from: 'sample' })).body.id
    await ask('DELETE', `/api/flows/${deleted}`)
    for (const [name, path] of [
      ['versions', `/flows/${id}/versions`],
      ['version', `/flows/${id}/versions/2`],
      ['deleted-flows', '/flows/deleted'],
      ['flows', '/flows'],
    ]) {
      const { page, close } = await product.page({ width: 320, height: 844 })
      await page.goto(`${product.url}${path}`)
      await page.waitForTimeout(1200)
      await atWidths(page, [320, 390, 768, 1024], async (width) => {
        await picture(page, `${name}-${width}`)
        expect(await sideways(page), `${name} at ${width}`).toBeLessThanOrEqual(0)
        const shown = 'header button, header a, header select, td button, td a, li button'
        expect(await cutOff(page, shown), `${name} at ${width}`).toEqual([])
      })
      await close()
    }
  })

  it('a deleted flow is brought back from its own address, and says what was taken', async () => {
    const id = await flowWithVersions('Deleted here')
    await ask('PUT', `/api/flows/${id}/answers`, { called: '+14255550177', on: true, take: true })
    const { page, close } = await product.page()
    await page.goto(`${product.url}/flows/${id}`)
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
    await page.waitForURL(/\/flows$/)
    await page.getByText('“Deleted here” was deleted.').waitFor()
    await picture(page, 'deleted-from-designer')

    const other = await flowWithVersions('Takes over')
    await ask('PUT', `/api/flows/${other}/answers`, { called: 'tel:+1-425-555-0177', on: true, take: false })
    await ask('POST', '/api/flows', { name: 'deleted HERE', from: 'empty' })
    await page.goto(`${product.url}/flows/${id}`)
    await page.getByRole('heading', { name: '“Deleted here” was deleted' }).waitFor()
    await page.getByRole('button', { name: 'Restore' }).click()
    await page.getByText('+14255550177 stays with “Takes over”').waitFor()
    await page.getByText('it is called “Deleted here 2” now').waitFor()
    await page.getByRole('button', { name: 'Open it' }).click()
    await page.getByRole('heading', { level: 1, name: 'Deleted here 2' }).waitFor()
    await close()
  })

  it('a file goes out and comes in as the same bytes, and what is no flow is refused in words', async () => {
    const id = await flowWithVersions('Out and in')
    const { page, close } = await product.page()
    await page.goto(`${product.url}/flows/${id}`)
    await page.getByRole('button', { name: 'More' }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'Export' }).click()
    const file = await download
    expect(file.suggestedFilename()).toBe('Out and in.json')
    const path = await file.path()
    await ask('DELETE', `/api/flows/${id}`)

    await page.goto(`${product.url}/flows`)
    await page.getByRole('button', { name: 'Import' }).click()
    const chooser = page.getByRole('dialog').locator('input[type="file"]')
    await chooser.setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{"states": [') })
    await page.getByText('This file is no JSON').waitFor()
    await picture(page, 'import-refused')
    await chooser.setInputFiles(path)
    await page.getByText('“Out and in”, 8 blocks').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click()
    await page.getByText('“Out and in” is here, with 8 blocks.').waitFor()
    await page.getByRole('link', { name: 'Open the flow' }).click()
    await page.waitForURL(/\/flows\/[0-9a-f-]{36}$/)
    const again = await fetch(`${product.url}/api${new URL(page.url()).pathname}/file`)
    expect(await again.text()).toBe(readFileSync(path, 'utf8'))
    expect(await (await fetch(`${product.url}/api${new URL(page.url()).pathname}/file`)).text()).toBe(
      writeFlow({ ...frontDesk, name: 'Out and in', apology: 'Only a draft.' }),
    )
    await close()
  })

  it('a file takes the place of an open draft as one step, which keeps its name', async () => {
    const { id } = (await ask('POST', '/api/flows', { name: 'Open draft', from: 'empty' })).body
    const { page, errors, close } = await product.page()
    await page.goto(`${product.url}/flows/${id}`)
    await page.getByRole('application').getByRole('group').first().waitFor()
    const into = async (text: string) => {
      await page.getByRole('button', { name: 'More' }).click()
      await page.getByRole('menuitem', { name: 'Import a file' }).click()
      const chooser = page.getByRole('dialog').locator('input[type="file"]')
      await chooser.setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(text) })
    }
    const { schemaVersion, ...older } = { ...frontDesk, name: 'Of a file' }
    await into(JSON.stringify({ ...older, schemaVersion: schemaVersion + 1 }))
    await page.getByText('A later version of this program wrote this file').waitFor()
    await picture(page, 'import-into-draft-refused')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect((await draftOf(id)).revision).toBe(1)

    const strange = { type: 'sentiment', name: 'Mood', settings: {}, exits: {}, position: { x: 960, y: 0 } }
    await into(JSON.stringify({ ...older, schemaVersion, blocks: { ...older.blocks, strange } }))
    await page.getByText('“Of a file”, 9 blocks').waitFor()
    await page.waitForTimeout(500) // it is there in full
    await picture(page, 'import-into-draft')
    await page.getByRole('button', { name: 'Replace the draft' }).click()
    await page.getByText('The draft is what the file holds now: 9 blocks.').waitFor()
    await page.getByText('One is kept as it is, and cannot run here: Mood.').first().waitFor()
    await picture(page, 'import-into-draft-done')
    for (const name of ['Main number', 'Mood']) {
      const isInSight = async () => {
        const box = await page.getByRole('application').getByRole('group', { name }).boundingBox()
        return box && box.x > 240 && box.x + box.width < 1440 - 360
      }
      await expect.poll(isInSight).toBe(true) // the canvas glides there
    }
    const file = async () => (await fetch(`${product.url}/api/flows/${id}/file`)).text()
    await expect
      .poll(file)
      .toBe(writeFlow({ ...frontDesk, name: 'Open draft', blocks: { ...frontDesk.blocks, strange } }))
    await page.keyboard.press('Control+z')
    await expect.poll(async () => Object.keys((await draftOf(id)).flow.blocks)).toEqual(['incoming'])
    expect(errors).toEqual([])
    await close()
  })

  it('what cannot be done is refused by its code, and changes nothing', async () => {
    const id = await flowWithVersions('Refusals')
    const { revision } = await draftOf(id)
    const versions = `/api/flows/${id}/versions`
    const refused = async (method: string, path: string, body?: unknown) => {
      const answer = await ask(method, path, body)
      return [answer.status, answer.body?.error?.code]
    }
    expect(await refused('POST', `${versions}/9/rollback`, {})).toEqual([404, 'notFound'])
    expect(await refused('POST', `${versions}/nine/rollback`, {})).toEqual([404, 'notFound'])
    expect(await refused('POST', `${versions}/1/restore`, { revision: revision - 1 })).toEqual([
      409,
      'changedMeanwhile',
    ])
    const kept = (await ask('POST', `${versions}/1/restore`, { revision })).body.before
    expect(await refused('POST', `${versions}/${kept}/rollback`, {})).toEqual([404, 'notFound'])
    expect((await ask('GET', versions)).body.versions.map(({ number }: { number: number }) => number)).toEqual([
      3, 2, 1,
    ])

    const sentiment = { ...frontDesk.blocks.welcome, type: 'sentiment', name: 'Mood' }
    const file = { ...frontDesk, name: 'Refusals', blocks: { ...frontDesk.blocks, sentiment } }
    expect((await ask('POST', '/api/flows/import', file)).body).toMatchObject({
      name: 'Refusals 2',
      blocks: 9,
      unknown: ['Mood'],
    })
    expect(await refused('POST', '/api/flows/import', { states: [] })).toEqual([400, 'flowNotReadable'])
    expect(await refused('POST', '/api/flows/import', { schemaVersion: 9 })).toEqual([422, 'flowTooNew'])

    await ask('DELETE', `/api/flows/${id}`)
    for (const path of [`/api/flows/${id}`, versions, `${versions}/1`]) {
      expect(await refused('GET', path), path).toEqual([410, 'removed'])
    }
    const { flow } = await draftOf((await ask('GET', '/api/flows')).body.flows[0].id)
    expect(await refused('PUT', `/api/flows/${id}`, { flow, revision })).toEqual([410, 'removed'])
  })

  it('a name is given once, and whoever asks for it is told before', async () => {
    const { page, close } = await product.page()
    await page.goto(`${product.url}/flows`)
    await page.getByRole('link', { name: 'New flow' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('front DESK')
    await page.getByText('There is a flow of this name. It gets “front DESK 2”.').waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'front DESK 2' }).waitFor()
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByRole('textbox', { name: 'Name of the flow' }).fill('Front desk')
    await page.keyboard.press('Enter')
    await page.getByText('It gets “Front desk 2”.').waitFor()
    await page.getByRole('heading', { level: 1, name: 'Front desk 2' }).waitFor()
    await close()
  })

  it('120 flows come page by page, are found and sorted by the server', async () => {
    for (let n = 0; n < 120; n += 1) await ask('POST', '/api/flows', { name: `Line ${n + 100}`, from: 'empty' })
    const { page, close } = await product.page()
    await page.goto(`${product.url}/flows`)
    await page.getByText('Line 219').waitFor()
    const rows = () => page.locator('tbody tr').count()
    expect(await rows()).toBe(50)
    await page.getByRole('button', { name: 'Show more flows' }).click()
    await expect.poll(rows).toBe(100)
    await picture(page, 'flows-many')
    await page.getByRole('searchbox').fill('line 103')
    await expect.poll(rows).toBe(1)
    await page.getByText('1 of 1 flow').waitFor()
    await page.getByRole('searchbox').fill('line')
    await expect.poll(rows).toBe(50)
    await page.getByRole('button', { name: 'Flow', exact: true }).click()
    await expect.poll(() => page.locator('tbody tr').first().textContent()).toContain('Line 100')
    await close()
  })
})
