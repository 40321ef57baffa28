import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askerOf } from './ask.ts'
import { violations } from './axe.ts'
import { browserIsHere, picture, sideways } from './browser.ts'
import { openProduct, type Product } from './product.ts'

describe.skipIf(!browserIsHere)('hours', () => {
  let product: Product
  const ask = askerOf(() => product)
  beforeAll(async () => {
    product = await openProduct()
  })
  afterAll(() => product.close())

  const calendarOf = async (name: string) => {
    const { calendars } = (await ask('GET', '/api/calendars')).body
    return calendars.find((one: { calendar: { name: string } }) => one.calendar.name === name)
  }

  it('are made from nothing, with a break, a holiday and public ones, and saved when one says so', async () => {
    const { page, errors, close } = await product.page()
    await page.goto(`${product.url}/hours`)
    await page.getByRole('heading', { name: 'No hours yet' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'New hours' }).click()
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Practice hours')
    await page.getByLabel('Time zone').selectOption('Europe/Berlin')

    await page.getByRole('textbox', { name: 'Monday, to' }).fill('5 pm')
    await page.getByRole('switch', { name: 'Saturday, open' }).click()
    await page.getByRole('textbox', { name: 'Saturday, to' }).fill('half past')
    await page.getByText('1 to mend').waitFor()
    await page.getByRole('textbox', { name: 'Saturday, to' }).fill('13.30')
    await page.getByRole('textbox', { name: 'Saturday, from' }).fill('9')
    await page.getByRole('region', { name: 'Every week' }).getByRole('button', { name: 'Add a break' }).first().click()

    await page.getByRole('button', { name: 'Public holidays…' }).click()
    await page.getByLabel('Country').selectOption('DE')
    await page.getByLabel('Part of it').selectOption('DE-HH')
    await page.getByRole('button', { name: 'Add them' }).click()
    await page.getByText(/days added/).waitFor()
    await page.getByRole('button', { name: 'Add a day' }).click()
    await page.getByRole('textbox', { name: 'Name', exact: true }).last().fill('Christmas Eve')
    expect(await calendarOf('Practice hours')).toBeUndefined()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved. The next call follows it.').waitFor()
    await picture(page, 'hours-edited')
    expect(await violations(page)).toEqual([])

    const { calendar } = await calendarOf('Practice hours')
    expect(calendar.week.monday).toEqual([
      { from: '09:00', to: '12:00' },
      { from: '13:00', to: '17:00' },
    ])
    expect(calendar.week.saturday).toEqual([{ from: '09:00', to: '13:30' }])
    const names = calendar.holidays.map(({ name }: { name: string }) => name)
    expect(names).toContain('Reformation Day')
    expect(names.at(-1)).toBe('Christmas Eve')
    expect(errors).toEqual([])
    await close()
  })

  it('say what callers meet at a time that one tries, and close for a while', async () => {
    const { page, close } = await product.page()
    await page.goto(`${product.url}/hours`)
    await page.getByLabel('Day', { exact: true }).fill('2027-12-25')
    await page.getByLabel('Time', { exact: true }).fill('10:00')
    await page.getByText('Closed: Christmas Day').waitFor()
    await page.getByText('Flows take the exit “Holiday”.').waitFor()
    await page.getByLabel('Day', { exact: true }).fill('2027-12-20')
    await page.getByText('Flows take the exit “Open”.').waitFor()

    await page.getByRole('button', { name: 'Close for a while…' }).click()
    await page.getByLabel('Why (callers may hear it)').fill('Staff meeting')
    await page.getByRole('button', { name: 'Put in' }).click()
    await page.getByRole('heading', { name: /^Closed: Staff meeting, until / }).waitFor()
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByRole('heading', { name: /^Closed: Staff meeting, until / }).waitFor({ state: 'detached' })
    await close()
  })

  it('what somebody else has saved meanwhile is not overwritten', async () => {
    const { page, close } = await product.page()
    await page.goto(`${product.url}/hours`)
    await page.getByRole('switch', { name: 'Sunday, open' }).click()
    const { id, calendar, revision } = await calendarOf('Practice hours')
    await ask('PUT', `/api/calendars/${id}`, { calendar: { ...calendar, overrides: [] }, revision })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Local user has saved these hours in the meantime.').waitFor()
    expect((await calendarOf('Practice hours')).calendar.week.sunday).toEqual([])
    await page.getByRole('button', { name: 'Load theirs' }).click()
    await page.getByRole('switch', { name: 'Sunday, open', checked: false }).waitFor()
    await close()
  })

  it('that were saved stand there at once, however long they take to come back', async () => {
    const { page, close } = await product.page()
    await page.goto(`${product.url}/hours`)
    const sunday = page.getByRole('switch', { name: 'Sunday, open' })
    await sunday.click()
    // From now on nothing that is asked for is answered.
    await page.route('**/api/calendars/*', (route) =>
      route.request().method() === 'GET' ? undefined : route.continue(),
    )
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').first().waitFor()
    expect(await sunday.isChecked()).toBe(true)
    // What is changed next is a change of what was saved, and no conflict.
    await sunday.click()
    await page.getByRole('button', { name: 'Save' }).click()
    await expect.poll(async () => (await calendarOf('Practice hours')).calendar.week.sunday).toEqual([])
    await close()
  })

  it.each([390, 320])('fit %i px', async (width) => {
    const { page, close } = await product.page({ width, height: 844 })
    await page.goto(`${product.url}/hours`)
    await page.getByRole('heading', { name: 'Every week' }).waitFor()
    await picture(page, `hours-${width}`)
    expect(await sideways(page)).toBe(0)
    await close()
  })

  it('are chosen in a block, which says what they say now; a flow that uses them keeps them', async () => {
    const { page, errors, close } = await product.page()
    const { id: flowId } = (await ask('POST', '/api/flows', { name: 'By hours', from: 'empty' })).body
    await page.goto(`${product.url}/flows/${flowId}`)
    await page.getByRole('button', { name: 'Business hours' }).first().click()
    await page.getByRole('combobox', { name: /^Hours/ }).selectOption({ label: 'Practice hours' })
    await page.getByText(/^(Open until|Closed until|Closed: )/).waitFor()
    await picture(page, 'hours-block')
    expect(await violations(page)).toEqual([])
    const { id } = await calendarOf('Practice hours')
    await expect
      .poll(async () => (await ask('GET', `/api/calendars/${id}`)).body.uses)
      .toEqual([{ flowId, name: 'By hours', draft: true, live: false }])
    expect(await ask('DELETE', `/api/calendars/${id}`)).toMatchObject({
      status: 409,
      body: { error: { code: 'inUse' } },
    })
    expect(errors).toEqual([])
    await close()
  })
})
