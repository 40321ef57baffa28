import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { violations } from './axe.ts'
import { browserIsHere, picture } from './browser.ts'
import { atTheMouse, atThePhone } from './byMouse.ts'
import { openProduct, type Product } from './product.ts'

/** A service that knows the tickets of employees, and only of one. */
async function openTickets() {
  const ticket = { number: '4711', state: 'waiting for a spare part' }
  const server = createServer((request, response) => {
    const isKnown = request.url === '/tickets/1234'
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isKnown ? ticket : {}))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo // it listens on TCP
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed())
      server.closeAllConnections()
    })
  return { host: `localhost:${port}`, close }
}

/** Two jobs as administrators have them, from nothing to calls that are heard. */
describe.skipIf(!browserIsHere)('by mouse, from an empty flow', () => {
  let product: Product
  let tickets: Awaited<ReturnType<typeof openTickets>>
  beforeAll(async () => {
    tickets = await openTickets()
    product = await openProduct({ localServices: tickets.host })
  })
  afterAll(() => product.close())

  it('a dental practice: opening hours, holidays, an emergency number, and voicemail', async () => {
    const { page, errors, foreign, close } = await product.page()
    await makeHours(page)
    await keepMessages(page)
    await drawPractice(page)
    await picture(page, 'practice-drawn')
    expect(await violations(page)).toEqual([])
    await atTheMouse(page, product.url).publishes()

    const { calls, hears, presses, does, hangsUp } = atThePhone(page)
    await calls('2026-12-14 10:00')
    await hears('Welcome to the practice.')
    await presses('1')
    await does('Let it ring')
    await hears('We record what you say.')
    await hangsUp()

    await calls('2026-12-25 10:00')
    await hears('Today is a holiday.')
    await hears('The practice is closed.')
    await presses('1')
    await picture(page, 'practice-emergency')
    await does('Answer')
    await hears('The call was transferred to')

    await calls('2026-12-14 18:00')
    await hears('The practice is closed.')
    await presses('2')
    await hears('The flow records what you say')
    await does('Speak for 5 s')
    await hears('You speak now')
    await page.waitForTimeout(2_000) // and so they do
    await presses('#')
    await hears('Thank you. We call you back.')
    await hears('The flow hung up.')
    await picture(page, 'practice-recorded')
    await hearMessage(page)

    expect(errors).toEqual([])
    expect(foreign).toEqual([])
    await close()
  })

  it('a help desk: an employee number, a ticket that is looked up and read out, and a queue', async () => {
    const { page, errors, foreign, close } = await product.page()
    await drawHelpDesk(page)
    await picture(page, 'help-desk-drawn')
    expect(await violations(page)).toEqual([])
    await atTheMouse(page, product.url).publishes()

    const { calls, hears, presses, does } = atThePhone(page)
    const asksFor = async (employee: string, words: string) => {
      await calls()
      await hears('Type your employee number')
      await presses(`${employee}#`)
      await hears(words)
      await does('Answer')
      await hears('The call was transferred to Help desk.')
    }
    await asksFor('1234', 'Your ticket 4 7 1 1 is waiting for a spare part.')
    await picture(page, 'help-desk-found')
    await asksFor('9', 'You have no open ticket.')
    await tickets.close()
    await asksFor('1234', 'Tickets cannot be looked up at the moment.')
    await picture(page, 'help-desk-down')

    expect(errors).toEqual([])
    expect(foreign).toEqual([])
    await close()
  })

  async function makeHours(page: Page) {
    await page.goto(`${product.url}/hours`)
    await page.getByRole('button', { name: 'New hours' }).first().click()
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Practice hours')
    await page.getByLabel('Time zone').selectOption('Europe/Berlin')
    await page.getByRole('button', { name: 'Public holidays…' }).click()
    await page.getByLabel('Country').selectOption('DE')
    await page.getByLabel('Part of it').selectOption('DE-HH')
    await page.getByRole('button', { name: 'Add them' }).click()
    await page.getByText(/days added/).waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved. The next call follows it.').waitFor()
  }

  async function keepMessages(page: Page) {
    await atTheMouse(page, product.url).goes('Messages')
    await page.getByRole('switch', { name: 'Keep messages' }).click()
    await page.getByText('deleted after 30 days').waitFor()
  }

  async function hearMessage(page: Page) {
    await page.goto(`${product.url}/messages`)
    const message = page.getByRole('listitem').filter({ hasText: 'Anna Berger' }).first()
    await message.locator('audio').focus()
    await page.keyboard.press('Space')
    await message.getByText(/Last heard by /).waitFor()
    await picture(page, 'practice-message')
  }

  async function drawPractice(page: Page) {
    const { makesFlow, takes, chooses, leads, fills, gives, offers, names } = atTheMouse(page, product.url)
    await makesFlow('Dental practice')
    await takes('Business hours')
    await chooses('Hours', 'Practice hours')
    await names('Opening hours')

    await leads('Opening hours, Open', 'New: Menu')
    await fills(
      'What callers hear',
      'Welcome to the practice. For an appointment, press 1. To leave a message, press 2.',
    )
    await offers({ 1: 'Appointment', 2: 'Message' })
    await names('Welcome')
    await leads('Opening hours, Closed', 'New: Menu')
    await fills('What callers hear', 'The practice is closed. In an emergency, press 1. To leave a message, press 2.')
    await offers({ 1: 'Emergency', 2: 'Message' })
    await names('Closed')
    await leads('Opening hours, Holiday', 'New: Say')
    await fills('What callers hear', 'Today is a holiday.')
    await names('Holiday')
    await leads('Holiday, next', 'Closed')

    await leads('Welcome, key 1', 'New: Transfer to queue')
    await gives('Front desk', '0e9e1f4b-9c55-4a8a-a9de-6c1d3c7b2a10')
    await names('Front desk')
    await leads('Closed, key 1', 'New: Transfer to number')
    await fills('Number', '+49 40 5550 0142')
    await names('Emergency')
    await leads('Welcome, key 2', 'New: Record message')
    await fills('What callers hear first', 'We record what you say. Speak after the tone, then press the hash key.')
    await names('Voicemail')
    for (const port of ['Closed, key 2', 'Front desk, Not reached', 'Emergency, Not reached'])
      await leads(port, 'Voicemail')
    await leads('Voicemail, Recorded', 'New: Say')
    await fills('What callers hear', 'Thank you. We call you back.')
    await names('Thanks')
    await leads('Thanks, next', 'New: Hang up')
    await names('End')
    await leads('Voicemail, Nothing recorded', 'End')
  }

  async function drawHelpDesk(page: Page) {
    const { makesFlow, takes, leads, fills, keepsIn, clicks, gives, names } = atTheMouse(page, product.url)
    await makesFlow('Help desk')
    await takes('Collect digits')
    await fills('What callers hear', 'Type your employee number, then press the hash key.')
    await keepsIn('Keep the digits in', 'employee')
    await names('Employee number')

    await leads('Employee number, Number typed', 'New: HTTP request')
    await fills('Address', `http://${tickets.host}/tickets/\${employee}`)
    await fills('Ways on by status', '2xx\n404')
    for (const [name, value] of Object.entries({ number: 'response.body.number', state: 'response.body.state' })) {
      await clicks('Add a value')
      await keepsIn('Variable', name)
      await page.getByRole('textbox', { name: 'Set to' }).last().fill(value)
    }
    await page.getByLabel('Example for employee').fill('1234')
    await clicks('Send')
    await page.getByText(/^Status 200/).waitFor()
    await names('Look up')

    await leads('Look up, 2xx', 'New: Say')
    await fills('What callers hear', 'Your ticket ${digits(number)} is ${state}.')
    await names('Ticket')
    await leads('Look up, 404', 'New: Say')
    await fills('What callers hear', 'You have no open ticket.')
    await names('No ticket')
    await leads('Look up, Service not reached', 'New: Say')
    await fills('What callers hear', 'Tickets cannot be looked up at the moment.')
    await names('Not now')
    await leads('Look up, Any other status', 'Not now')
    await leads('Ticket, next', 'New: Transfer to queue')
    await gives('Help desk', '7d1d3c7b-9c55-4a8a-a9de-0e9e1f4b2a10')
    await names('Queue')
    for (const port of ['No ticket, next', 'Not now, next']) await leads(port, 'Queue')
    await leads('Queue, Not reached', 'New: Hang up')
    await fills('Said before', 'Nobody can take your call. Please call again.')
    await names('End')
  }
})
