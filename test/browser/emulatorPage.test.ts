import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { buildEmulator } from '#emulator/emulator.ts'
import { wav } from '#emulator/testing/testBot.ts'
import {
  answer,
  appId,
  type Line,
  prompts,
  publicUrl,
  secret,
  serviceHosted,
  startLine,
  tenantId,
} from '#emulator/testing/testLine.ts'
import { violations } from './axe.ts'
import { browserIsHere, launchBrowser, picture, sideways } from './browser.ts'

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
  const person = (name: string) => page.locator('#rosterList li', { hasText: name })
  const call = (text: string) => page.getByRole('option', { name: text })

  beforeAll(async () => {
    browser = await launchBrowser()
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
      await picture(page, `emulator-empty-${name}`)
    }
  })

  it('carries a person through a whole call: dial, hear, press a key, hang up', async () => {
    botAnswers()
    await open()
    await page.locator('.bar').getByRole('button', { name: 'Call the bot' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Anna Berger')
    expect(await violations(page)).toEqual([])
    await picture(page, 'emulator-dial')
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
    await row('playPrompt').locator('summary').click()
    await row('playPrompt')
      .getByRole('region', { name: 'Request body' })
      .getByText('"clientContext": "hello"')
      .waitFor()
    for (const { name, media } of looks) {
      await page.emulateMedia(media)
      expect(await violations(page)).toEqual([])
      await picture(page, `emulator-call-${name}`)
    }
    await page.getByRole('button', { name: 'Hang up' }).click()
    await row('The person hung up').waitFor()
    await call('Anna Berger').getByText('terminated').waitFor()
    expect(await page.getByRole('button', { name: 'Hang up' }).isVisible()).toBe(false)
    await picture(page, 'emulator-ended')
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
    await row('…/answer').locator('summary').focus()
    await page.keyboard.press('ArrowRight')
    await row('…/answer').getByRole('region').first().waitFor()
    await page.keyboard.press('ArrowUp')
    const here = () => page.evaluate(() => document.activeElement?.textContent)
    const before = await here()
    expect(before).not.toContain('…/answer')
    const top = () => page.locator('#scroll').evaluate(({ scrollTop }) => scrollTop)
    const topBefore = await top()
    for (const number of [2, 3, 4]) await line.dialAndAnswer({ from: { phone: `+1425555010${number}` } })
    await call('+14255550104').waitFor()
    expect(await top()).toBe(topBefore)
    expect(await here()).toBe(before)
    expect(await row('…/answer').locator('details').getAttribute('open')).not.toBeNull()
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

  it('shows what it does not know by its own name', async () => {
    // Told by a stream of the test: what an emulator newer than this page could say.
    const id = await line.dialAndAnswer()
    const known = await line.view(id)
    const participants = [
      { id: '1', identity: { user: { id: 'a', displayName: 'Ann' } }, isInLobby: true, raisedHand: true },
      { id: '2', identity: { user: { id: 'b', displayName: 'Bo' } }, isMuted: true },
    ]
    const call = { ...known, to: {}, conversation: { id: 'c', kind: 'meeting' }, participants, colour: 'green' }
    const entry = { n: 99, at: known.startedAt, ms: 1, callId: id, kind: 'raisedHand', who: 'Ann' }
    const news = {
      instance: 'i',
      whole: true,
      now: Date.now(),
      calls: [call],
      gone: [],
      entries: [entry],
      traffic: [],
      rings: [],
    }
    await open(line.emulatorOrigin, { width: 1280, height: 800 }, (context) =>
      context.route('**/emulator/events', (route) =>
        route.fulfill({
          contentType: 'text/event-stream',
          body: `data: ${JSON.stringify({ ...news, firstKept: 1 })}\n\n`,
        }),
      ),
    )
    await page.getByRole('option', { name: 'John → Meeting' }).click()
    await person('Ann').getByText('in the lobby').waitFor()
    await person('Bo').getByText('muted', { exact: true }).waitFor()
    await row('who: Ann').getByText('raisedHand').waitFor()
    await page.getByText('All fields of the call').click()
    await page.locator('#more pre').getByText('"colour": "green"').waitFor()
    expect(await violations(page)).toEqual([])
    await picture(page, 'emulator-unknown')
  })

  const control = async <T = { id: string }>(path: string, body: object): Promise<T> =>
    (await line.request<T>('POST', `/emulator${path}`, body)).body
  const outgoing = (more: object) => ({
    '@odata.type': '#microsoft.graph.call',
    callbackUri: `${publicUrl}/api/calls`,
    requestedModalities: ['audio'],
    mediaConfig: serviceHosted,
    tenantId,
    ...more,
  })
  const invitation = (user: object) => ({
    '@odata.type': '#microsoft.graph.invitationParticipantInfo',
    identity: {
      '@odata.type': '#microsoft.graph.identitySet',
      user: { '@odata.type': '#microsoft.graph.identity', ...user },
    },
  })
  const userIds = {
    ann: '278405a3-f568-4b3e-b684-009193463064',
    bob: '550fae72-d251-43ec-868c-373732c2704f',
    cleo: '0f2c1f04-7a5b-4f1e-9a55-3f6d7c1b2a10',
  }
  const { ann, bob, cleo } = userIds
  /** A meeting of Ann, its organizer, Bob and the bot, for which two guests and a telephone wait in the lobby. */
  async function meet(): Promise<{ callId: string; meetingId: string; bobIs: string }> {
    const organizer = { id: ann, displayName: 'Ann Organizer' }
    const meeting = await control<{ id: string; joinMeetingId: string; passcode: string }>('/meetings', { organizer })
    const join = (who: object) => control(`/meetings/${encodeURIComponent(meeting.id)}/join`, who)
    await join({ user: organizer })
    const { id: bobIs } = await join({ user: { id: bob, displayName: 'Bob' } })
    await join({ guest: { id: 'g1', displayName: 'Dana Guest' } })
    await join({ guest: { id: 'g2', displayName: 'Eli Guest' } })
    await join({ phone: '+14255550199' })
    const { joinMeetingId, passcode } = meeting
    const meetingInfo = { '@odata.type': '#microsoft.graph.joinMeetingIdMeetingInfo', joinMeetingId, passcode }
    const { body } = await line.graph<{ id: string }>('POST', '', outgoing({ meetingInfo }))
    await line.until(body.id, (entry) => entry.kind === 'state' && entry.audio === 'active')
    return { callId: body.id, meetingId: meeting.id, bobIs }
  }

  it('shows who is in a meeting, lets people in, mutes them and lets them leave', async () => {
    await open()
    const { callId, bobIs } = await meet()
    await row('…/participants').first().getByText('Calling Bot → Meeting').waitFor()
    await call('Calling Bot → Meeting').click()
    const count = (words: string) => page.locator('#rosterCount').getByText(words, { exact: true }).waitFor()
    await count('3 in the call, 3 waiting')
    await page.locator('[role=status]', { hasText: '3 waiting in the lobby.' }).waitFor()
    await person('Calling Bot').getByText('bot', { exact: true }).waitFor()
    await line.graph('POST', `/${callId}/updateRecordingStatus`, { status: 'recording', clientContext: 'r' })
    await person('Calling Bot').getByText('recording').waitFor()
    for (const { name, media } of looks) {
      await page.emulateMedia(media)
      expect(await violations(page)).toEqual([])
      await picture(page, `emulator-meeting-${name}`)
    }

    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    await page.getByRole('button', { name: 'Admit: Dana Guest' }).focus()
    await page.keyboard.press('Enter')
    await count('4 in the call, 2 waiting')
    expect(await focused()).toBe('Mute: Dana Guest') // what is next for the same person
    await page.keyboard.press('Enter')
    await person('Dana Guest').getByText('muted').waitFor()
    await row('Dana Guest is muted').waitFor()
    expect(await focused()).toBe('Unmute: Dana Guest')
    await page.keyboard.press('Enter')
    await row('Dana Guest is no longer muted').waitFor()

    await page.getByRole('button', { name: 'Admit everybody' }).click()
    await count('6 in the call')
    expect(await page.getByRole('button', { name: 'Admit everybody' }).isVisible()).toBe(false)
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent?.trim())).toMatch(/^People/)
    await line.graph('POST', `/${callId}/participants/${bobIs}/startHoldMusic`, { clientContext: 'h' })
    await row('Bob hears music on hold').waitFor()
    await person('Bob').getByText('on hold').waitFor()
    await page.getByRole('button', { name: 'Leave: +14255550199' }).click()
    await count('5 in the call')
    await row('+14255550199').getByText('Left').waitFor()
    expect(await page.locator('#rows').innerText()).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
    expect(await page.getByRole('button', { name: 'Leave: Calling Bot' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Hang up' }).count()).toBe(0)
    await picture(page, 'emulator-meeting-later')
    await page.getByRole('button', { name: 'End the meeting' }).click()
    await call('Calling Bot → Meeting').getByText('terminated').waitFor()
    expect(await page.locator('#roster').isVisible()).toBe(false)
    expect(await page.getByRole('button', { name: 'End the meeting' }).isVisible()).toBe(false)
  })

  it('does once what is asked for twice, and keeps the focus; but keys of the telephone as often as they are pressed', async () => {
    let isSlow = true
    await open(line.emulatorOrigin, {}, (context) =>
      context.route('**/emulator/**', async (route) => {
        // The second click comes before the answer.
        if (isSlow && route.request().method() === 'POST') await new Promise((done) => setTimeout(done, 300))
        await route.continue()
      }),
    )
    let sent = 0
    page.on('request', (request) => {
      if (request.method() === 'POST') sent += 1
    })
    const twice = async (name: string | RegExp, requests = 1) => {
      sent = 0
      const button = page.getByRole('button', { name, exact: true })
      await button.press('Enter')
      expect(await button.getAttribute('aria-disabled')).toBe('true')
      expect(await button.evaluate((one) => one === document.activeElement)).toBe(true)
      await button.press('Enter')
      await expect.poll(() => page.locator('[aria-disabled=true]:not(#keypad *)').count()).toBe(0)
      expect(sent).toBe(requests)
    }
    await page.locator('.bar').getByRole('button', { name: 'Call the bot' }).click()
    await twice('Call')
    await page.getByRole('heading', { name: 'Alex → Calling Bot' }).waitFor()

    const { callId } = await meet()
    await call('Calling Bot → Meeting').click()
    await twice('Mute: Bob')
    await person('Bob').getByText('muted', { exact: true }).waitFor()
    await twice('Admit everybody', 3)
    await control('/people', { id: cleo, onCall: 'ask' })
    await line.graph('POST', `/${callId}/participants/invite`, { participants: [invitation({ id: cleo })] })
    await twice(/^Decline: /)
    await page.getByRole('button', { name: /^Decline: / }).waitFor({ state: 'detached' }) // nothing moves any more
    // Nor does the second click of two undo what the first one did, however fast the answer came.
    ;[isSlow, sent] = [false, 0]
    await page.getByRole('button', { name: 'Unmute: Bob' }).dblclick({ delay: 100 })
    await page.getByRole('button', { name: 'Mute: Bob', exact: true }).waitFor()
    expect(sent).toBe(1)
    isSlow = true
    await twice('End the meeting')

    const id = await line.dialAndAnswer({ transfers: 'ask' })
    await call('John').click()
    await page.getByRole('button', { name: 'Key 1', exact: true }).dblclick()
    await expect.poll(() => row('the bot has not subscribed').count()).toBe(2)
    await line.graph('POST', `/${id}/transfer`, { transferTarget: invitation({ id: 'ann' }) })
    await twice('Decline')
  })

  it('lets telephones ring until somebody says what their owners do', async () => {
    await open()
    for (const id of [ann, bob, cleo]) await control('/people', { id, onCall: 'ask' })
    const targets = [invitation({ id: ann, displayName: 'Ann' }), invitation({ id: bob, displayName: 'Bob' })]
    const { body } = await line.graph<{ id: string }>('POST', '', outgoing({ targets }))
    await call('Calling Bot → Ann').click()
    const rings = page.getByRole('list', { name: 'Telephones that ring' }).getByRole('listitem')
    await rings.filter({ hasText: 'Ann’s telephone rings.' }).waitFor()
    await page.locator('[role=status]', { hasText: 'Bob’s telephone rings.' }).waitFor()
    expect(await page.getByRole('button', { name: 'Everybody leaves' }).isVisible()).toBe(false) // nobody is there yet
    for (const { name, media } of looks) {
      await page.emulateMedia(media)
      expect(await violations(page)).toEqual([])
      await picture(page, `emulator-rings-${name}`)
    }
    await page.getByRole('button', { name: 'Accept: Ann' }).focus()
    await page.keyboard.press('Enter')
    await person('Ann').waitFor()
    await row('Ann accepted').waitFor()
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Accept: Bob')
    await page.getByRole('button', { name: 'Decline: Bob' }).click()
    await row('Bob declined').waitFor()
    await expect.poll(() => rings.count()).toBe(0)
    // Of Cleo, the bot knows the id only; what another call told is known here.
    await line.dial({ from: { user: { id: cleo, displayName: 'Cleo' } } })
    await call('Cleo').waitFor()
    await line.graph('POST', `/${body.id}/participants/invite`, {
      participants: [invitation({ id: cleo })],
      clientContext: 'i',
    })
    await row('The bot invites Cleo').waitFor()
    await page.getByRole('button', { name: 'No answer: Cleo' }).click()
    await row('Cleo did not answer').waitFor()
    await page.getByRole('button', { name: 'Everybody leaves' }).click()
    await call('Calling Bot → Ann').getByText('terminated').waitFor()
  })

  it.each([
    { width: 1024, height: 720 },
    { width: 320, height: 640 },
  ])('keeps what happens in sight with forty people and nine telephones at $width px', async ({ width, height }) => {
    await open(line.emulatorOrigin, { width, height })
    const { callId, meetingId } = await meet()
    for (let n = 0; n < 40; n += 1) {
      const displayName = n === 7 ? 'Averyveryverylongnameofsomebodywhocouldnotbebothered' : `Guest ${n}`
      await control(`/meetings/${encodeURIComponent(meetingId)}/join`, { user: { id: `many-${n}`, displayName } })
    }
    for (let n = 0; n < 9; n += 1) {
      await control('/people', { id: `rings-${n}`, onCall: 'ask' })
      const participants = [invitation({ id: `rings-${n}`, displayName: `Person ${n}` })]
      await line.graph('POST', `/${callId}/participants/invite`, { participants, clientContext: 'i' })
    }
    await call('Meeting').click()
    await page.getByText('43 in the call, 3 waiting').waitFor()
    await page.getByText('Person 8’s telephone rings.').waitFor()
    await page.locator('[role=status]', { hasText: '9 telephones ring. 3 waiting in the lobby.' }).waitFor()
    const box = await page.locator('#scroll').boundingBox()
    if (width > 767) expect((box?.y ?? height) + 120).toBeLessThanOrEqual(height)
    else expect(box?.y).toBeLessThan(height * 1.5) // the page scrolls as a whole
    expect(await sideways(page)).toBe(0)
    expect(await violations(page)).toEqual([])
    await picture(page, `emulator-many-${width}`)
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
    await picture(page, 'emulator-lost')
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
    await line.dial()
    await call('John').waitFor()
    expect(await sideways(page)).toBe(0)
    expect(await violations(page)).toEqual([])
    await picture(page, `emulator-list-${width}`)
    await call('John').click()
    await row('Welcome to Contoso').waitFor()
    await row('playPrompt').locator('summary').click()
    expect(await sideways(page)).toBe(0)
    expect(await violations(page)).toEqual([])
    await picture(page, `emulator-detail-${width}`)
    await meet()
    if (width < 768) await page.getByRole('button', { name: 'All calls' }).click()
    await call('Meeting').click()
    await page.getByText('3 in the call, 3 waiting').waitFor()
    expect(await sideways(page)).toBe(0)
    expect(await violations(page)).toEqual([])
    await picture(page, `emulator-meeting-${width}`)
    if (width > 500) return
    await page.getByRole('button', { name: 'All calls' }).click()
    await call('All traffic').click()
    await page.getByText('How a bot is pointed here').waitFor()
    expect(await sideways(page)).toBe(0)
  })
})
