import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { buildEmulator } from '#emulator/emulator.ts'
import { wav } from '#emulator/testing/testBot.ts'
import { answer, appId, type Line, prompts, secret, startLine, tenantId } from '#emulator/testing/testLine.ts'
import { browserIsHere, pictures } from './product.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { target: unknown; failureSummary: string }[] }[] }> }
    } // what the script above leaves on the window
    const result = await axe.run()
    return result.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target} ${node.failureSummary}`),
    )
  })
}

const looks = [
  { name: 'light', media: { colorScheme: 'light', forcedColors: 'none' } },
  { name: 'dark', media: { colorScheme: 'dark', forcedColors: 'none' } },
  { name: 'contrast', media: { colorScheme: 'dark', forcedColors: 'active' } },
] as const

describe.skipIf(!browserIsHere)('the page of the emulator', () => {
  let browser: Browser
  let line: Line
  let page: Page
  /** What a good page never has: errors in its console, and requests to another origin. */
  const wrong: string[] = []

  const row = (text: string) => page.locator('#rows li', { hasText: text })
  const call = (text: string) => page.getByRole('option', { name: text })
  const picture = (name: string) => page.screenshot({ path: join(pictures, `emulator-${name}.png`) })

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true })
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    })
    line = await startLine({ playbackSpeed: 1 })
  })
  afterAll(async () => {
    await browser?.close()
    await line?.close()
  })

  async function open(
    origin = line.emulatorOrigin,
    { width = 1440, height = 900 } = {},
    prepare: (context: BrowserContext) => Promise<unknown> = async () => {},
  ): Promise<void> {
    const context = await browser.newContext({ viewport: { width, height }, locale: 'en-US' })
    await prepare(context)
    page = await context.newPage()
    page.setDefaultTimeout(10_000)
    page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()))
    page.on('pageerror', (error) => wrong.push(error.message))
    page.on('request', (request) => new URL(request.url()).origin !== origin && wrong.push(request.url()))
    await page.goto(origin)
    await page.getByText('Calls emulator').first().waitFor()
    await page.locator('[data-state=connected], [data-state=lost]').waitFor()
  }
  afterEach(async () => {
    await page.context().close()
    await line.reset()
    expect(wrong.splice(0)).toEqual([])
  })

  /** A bot that answers, listens for keys and says one thing. */
  function botAnswers() {
    line.bot.files.set('/hello.wav', { bytes: wav({ ms: 4000 }), text: 'Welcome to Contoso. For sales, press 1.' })
    line.bot.onNotification = (body) => {
      const written = JSON.stringify(body)
      const id = /"\/app\/calls\/([^"/]+)"/.exec(written)?.[1] ?? ''
      if (written.includes('"incoming"') && written.includes('"created"'))
        void line.graph('POST', `/${id}/answer`, answer)
      if (written.includes('"active"') && !written.includes('toneInfo')) void greet(id)
      return 202
    }
  }
  async function greet(id: string) {
    await line.graph('POST', `/${id}/subscribeToTone`, { clientContext: 'keys' })
    await line.graph('POST', `/${id}/playPrompt`, { clientContext: 'hello', prompts: prompts('/hello.wav') })
  }

  it('says what to do while there are no calls', async () => {
    await open()
    await page.getByRole('heading', { name: 'No calls yet' }).waitFor()
    const said = await page.locator('#guide').innerText()
    for (const needed of [
      line.emulatorOrigin,
      `${line.emulatorOrigin}/v1/.well-known/OpenIdConfiguration`,
      appId,
      tenantId,
      'BOT_APP_ID',
      'https://bot.localhost/api/calls',
      `${line.bot.origin}/api/calls`,
    ]) {
      expect(said).toContain(needed)
    }
    expect(await page.content()).not.toContain(secret)
    for (const { name, media } of looks) {
      await page.emulateMedia(media)
      expect(await violations(page)).toEqual([])
      await picture(`empty-${name}`)
    }
  })

  it('carries a person through a whole call: dial, hear, press a key, hang up', async () => {
    botAnswers()
    await open()
    await page.locator('.bar').getByRole('button', { name: 'Call the bot' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Anna Berger')
    expect(await violations(page)).toEqual([])
    await picture('dial')
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    await page.getByRole('heading', { name: 'Anna Berger → Calling Bot' }).waitFor()
    await row('Welcome to Contoso').waitFor()
    const asked = page.waitForRequest(/\/media\/1\.wav$/)
    await page.getByRole('button', { name: 'Play prompt 1' }).click()
    await asked
    await page.getByRole('button', { name: 'Stop prompt 1' }).click()
    await page.getByRole('button', { name: 'Key 1', exact: true }).click()
    await row('the bot hears it').waitFor()
    await row('tone1').waitFor()
    await row('call-playprompt').locator('summary').click()
    await row('call-playprompt')
      .getByRole('region', { name: 'Request body' })
      .getByText('"clientContext": "hello"')
      .waitFor()
    for (const { name, media } of looks) {
      await page.emulateMedia(media)
      expect(await violations(page)).toEqual([])
      await picture(`call-${name}`)
    }
    await page.getByRole('button', { name: 'Hang up' }).click()
    await row('The person hung up').waitFor()
    await call('Anna Berger').getByText('terminated').waitFor()
    expect(await page.getByRole('button', { name: 'Hang up' }).isVisible()).toBe(false)
    await picture('ended')
  })

  it('says in the form why a call could not be placed', async () => {
    await open()
    await page.locator('.bar').getByRole('button', { name: 'Call the bot' }).click()
    await page.getByLabel('A phone number').check()
    await page.getByLabel('Number, with').fill('555')
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    await page.getByRole('alert').getByText('must be E.164').waitFor()
    wrong.length = 0 // the browser writes every 400 to its console
  })

  it('shows names and texts as they are, never as markup', async () => {
    await open()
    const name = '<img src=x onerror="document.title=1">'
    const id = await line.dial({ from: { user: { id: 'u', displayName: name } } })
    await call(name).click()
    await page.getByRole('heading', { name }).waitFor()
    await row('created incoming').locator('summary').click()
    await page.getByText('All fields of the call').click()
    expect(await page.locator('#more pre').innerText()).toContain(id)
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.title()).toBe('Calls emulator')
  })

  it('keeps focus, opened rows and the chosen call while news arrive', async () => {
    await open()
    await line.dialAndAnswer({ from: { phone: '+14255550101' } })
    await call('+14255550101').waitFor()
    await page.locator('[role=option]').first().focus()
    await page.keyboard.press('ArrowDown')
    await page.getByRole('heading', { name: '+14255550101' }).waitFor()
    await row('call-answer').locator('summary').focus()
    await page.keyboard.press('ArrowRight')
    await row('call-answer').getByRole('region').first().waitFor()
    await page.keyboard.press('ArrowUp')
    const here = () => page.evaluate(() => document.activeElement?.textContent)
    const before = await here()
    expect(before).not.toContain('call-answer')
    const top = () => page.locator('#scroll').evaluate(({ scrollTop }) => scrollTop)
    const topBefore = await top()
    for (const number of [2, 3, 4]) await line.dialAndAnswer({ from: { phone: `+1425555010${number}` } })
    await call('+14255550104').waitFor()
    expect(await top()).toBe(topBefore)
    expect(await here()).toBe(before)
    expect(await row('call-answer').locator('details').getAttribute('open')).not.toBeNull()
    expect(await call('+14255550101').getAttribute('aria-selected')).toBe('true')
    expect(await page.locator('[role=option]').nth(1).innerText()).toContain('+14255550104') // newest first
  })

  it('finds calls by what is typed, and those that live', async () => {
    await open()
    const ended = await line.dialAndAnswer({ from: { phone: '+14255550101' } })
    await line.request('POST', `/emulator/calls/${ended}/hangUp`)
    await line.dialAndAnswer()
    await page.getByText('1 live, 2 in all').waitFor()
    await page.getByLabel('Live only').check()
    await expect.poll(() => call('+14255550101').count()).toBe(0)
    await page.getByLabel('Filter calls').fill('nobody')
    await page.getByText('No call fits the filter.').waitFor()
    await page.getByRole('button', { name: 'Clear' }).click()
    await call('+14255550101').waitFor()
  })

  it('keeps the last 500 rows and says so', async () => {
    const before = (await line.requests()).length
    for (let n = 0; n < 26; n += 1) await Promise.all(Array.from({ length: 20 }, () => line.askToken()))
    expect((await line.requests()).length).toBe(before + 520)
    await open()
    await line.askToken()
    await page.getByText('Older rows are left out').waitFor({ state: 'attached' })
    await expect.poll(() => page.locator('#rows > li').count()).toBe(500)
  })

  it('shows who is in a meeting, and what it does not know by its own name', async () => {
    // Told by a stream of the test: what an emulator newer than this page could say.
    const id = await line.dialAndAnswer()
    const known = await line.view(id)
    const participants = [
      { id: '1', name: 'Ann', isInLobby: true, isMuted: false },
      { id: '2', name: 'Bo', isInLobby: false, isMuted: true },
    ]
    const call = { ...known, to: {}, conversation: { id: 'c', kind: 'meeting' }, participants, colour: 'green' }
    const entry = { n: 99, at: known.startedAt, ms: 1, callId: id, kind: 'raisedHand', who: 'Ann' }
    const news = { instance: 'i', whole: true, now: Date.now(), calls: [call], gone: [], entries: [entry], traffic: [] }
    await open(line.emulatorOrigin, { width: 1280, height: 800 }, (context) =>
      context.route('**/emulator/events', (route) =>
        route.fulfill({
          contentType: 'text/event-stream',
          body: `data: ${JSON.stringify({ ...news, firstKept: 1 })}\n\n`,
        }),
      ),
    )
    await page.getByRole('option', { name: 'John → Meeting' }).click()
    await page.getByText('Ann (in the lobby)').waitFor()
    await page.getByText('Bo (muted)').waitFor()
    await row('who: Ann').getByText('raisedHand').waitFor()
    await page.getByText('All fields of the call').click()
    await page.locator('#more pre').getByText('"colour": "green"').waitFor()
    expect(await violations(page)).toEqual([])
    await picture('meeting')
  })

  it('asks a person how a transfer goes', async () => {
    await open()
    const id = await line.dialAndAnswer({ transfers: 'ask' })
    const transferTarget = {
      '@odata.type': '#microsoft.graph.invitationParticipantInfo',
      identity: {
        '@odata.type': '#microsoft.graph.identitySet',
        user: { '@odata.type': '#microsoft.graph.identity', id: 'ann' },
      },
    }
    await line.graph('POST', `/${id}/transfer`, { transferTarget })
    await call('John').click()
    await page.getByRole('button', { name: 'Decline' }).click()
    await row('ann declined').waitFor()
  })

  it('says when the connection is lost or paused, and comes back by itself', async () => {
    const settings = { apps: [{ appId, secret, tenantId, webhook: null, permissions: [] }] }
    const first = buildEmulator(settings)
    const origin = await first.server.listen({ host: '127.0.0.1', port: 0 })
    await open(origin)
    await first.server.close()
    await page.getByText('Connection lost. Trying again…').waitFor()
    await picture('lost')
    const second = buildEmulator(settings)
    await second.server.listen({ host: '127.0.0.1', port: Number(new URL(origin).port) })
    await page.getByText('Live', { exact: true }).waitFor()
    const hide = (isHidden: boolean) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))
      }, isHidden)
    await hide(true)
    await page.getByText('Paused while the tab is hidden').waitFor()
    await hide(false)
    await page.getByText('Live', { exact: true }).waitFor()
    await page.goto('about:blank')
    await second.server.close()
    wrong.length = 0 // the browser writes every lost connection to its console
  })

  it.each([320, 768, 1024])('fits %i px without scrolling sideways', async (width) => {
    botAnswers()
    await open(line.emulatorOrigin, { width, height: 720 })
    const sideways = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    await line.dial()
    await call('John').waitFor()
    expect(await sideways()).toBe(0)
    expect(await violations(page)).toEqual([])
    await picture(`list-${width}`)
    await call('John').click()
    await row('Welcome to Contoso').waitFor()
    await row('call-playprompt').locator('summary').click()
    expect(await sideways()).toBe(0)
    expect(await violations(page)).toEqual([])
    await picture(`detail-${width}`)
    if (width > 500) return
    await page.getByRole('button', { name: 'All calls' }).click()
    await call('All traffic').click()
    await page.getByText('How a bot is pointed here').waitFor()
    expect(await sideways()).toBe(0)
  })
})
