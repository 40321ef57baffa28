import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserIsHere, picture } from './browser.ts'
import { openShared, type Shared } from './product.ts'

/** The main job as a person does it: nothing there, a menu drawn with the mouse, published, dialled, heard, and looked up. */
describe.skipIf(!browserIsHere)('on a machine with nothing but Node', () => {
  let product: Shared
  beforeAll(async () => {
    product = await openShared()
  })
  afterAll(() => product.close())

  it('npm start prints where everything is and what to try next', () => {
    for (const words of ['Designer ', 'Bot ', 'Emulator ', 'Data ', 'Next: ']) expect(product.said).toContain(words)
  })

  it.each(['light', 'dark'] as const)(
    'somebody draws a menu, publishes it, calls it, presses 2 and hears where it leads (%s)',
    async (colorScheme) => {
      const { page, errors, foreign, close } = await product.page({ colorScheme })
      const { palette, canvas } = partsOf(page)

      await page.goto(`${product.url}/flows`)
      await page.getByRole('link', { name: 'New flow' }).click()
      await page.getByText('Empty flow').click()
      await page.getByRole('textbox', { name: 'Name' }).fill(`Shop ${colorScheme}`)
      await page.getByRole('button', { name: 'Create flow' }).click()
      await page.waitForURL(/\/flows\/.+-.+/)
      await palette.getByRole('button', { name: 'Menu', exact: true }).waitFor()
      await picture(page, `empty-${colorScheme}`)

      await drawBlocks(page)

      // What is wrong is listed, and a flow with errors is not published.
      await page.getByRole('button', { name: 'Publish' }).click()
      await expect.poll(() => page.getByRole('dialog').textContent()).toContain('leads nowhere')
      await picture(page, `publish-refused-${colorScheme}`)
      await page.keyboard.press('Escape')

      await linkBlocks(page)
      await expect.poll(() => page.getByRole('region', { name: 'Problems' }).textContent()).toContain('No problems')
      await expect.poll(() => page.getByRole('banner').textContent()).toContain('Draft saved')
      await picture(page, `drawn-${colorScheme}`)

      // Publish with a note.
      await page.getByRole('button', { name: 'Publish' }).click()
      await page.getByRole('dialog').getByRole('textbox').fill('The first menu')
      await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click()
      await expect.poll(() => page.getByRole('banner').textContent()).toContain('but answers no calls yet')

      // Dial, hear, press 2.
      await page.getByRole('button', { name: 'Test call' }).click()
      const phone = page.getByRole('complementary', { name: 'Test call' })
      const dialled = Date.now()
      await phone.getByRole('button', { name: /^Call/ }).click()
      await phone.getByText('For bread, press 1. For cake, press 2.').waitFor({ timeout: 10_000 })
      expect(Date.now() - dialled).toBeLessThan(5000)
      await expect.poll(() => canvas.getByText('2 · Now').count()).toBe(1)

      const wav = await playedWav(page)
      expect(wav).toMatchObject({ container: 'RIFF WAVE', pcm: true, channels: 1, rate: 16_000, bits: 16 })
      expect(wav.seconds).toBeGreaterThan(1)
      await picture(page, `call-${colorScheme}`)

      await phone.getByRole('button', { name: /^2/ }).click()
      await phone.getByText('Cake is on the first floor.').waitFor({ timeout: 5000 })
      await expect.poll(() => canvas.getByText('3 · Now').count()).toBe(1)
      await picture(page, `call-branch-${colorScheme}`)
      await phone.getByRole('button', { name: 'Hang up' }).click()
      await expect.poll(() => phone.textContent()).toContain('Call again')
      await picture(page, `call-ended-${colorScheme}`)

      // Every step of it stands in the calls.
      await page.goto(`${product.url}/calls`)
      await page
        .getByRole('link', { name: new RegExp(`Shop ${colorScheme}`) })
        .first()
        .click()
      const steps = page.getByRole('complementary').last()
      for (const name of ['Incoming call', 'Bakery menu', 'Cake'])
        await expect.poll(() => steps.textContent()).toContain(name)
      expect(await steps.textContent()).toContain('Cake')
      await picture(page, `calls-${colorScheme}`)

      expect(errors).toEqual([])
      expect(foreign).toEqual([])
      await close()
    },
  )
})

const partsOf = (page: Page) => ({
  palette: page.getByRole('navigation', { name: 'Blocks' }),
  canvas: page.getByRole('application'),
  settings: page.getByRole('complementary'),
})

async function drawBlocks(page: Page): Promise<void> {
  const { palette, canvas, settings } = partsOf(page)
  // The menu by a click: it follows the incoming call by itself.
  await palette.getByRole('button', { name: 'Menu', exact: true }).click()
  await settings.getByRole('textbox', { name: /^What callers hear/ }).fill('For bread, press 1. For cake, press 2.')
  await settings.getByRole('textbox', { name: 'Meaning of key 1' }).fill('Bread')
  await settings.getByRole('button', { name: 'Add a key' }).click()
  await settings.getByRole('textbox', { name: 'Meaning of key 2' }).fill('Cake')
  await settings.getByRole('textbox', { name: 'Name' }).fill('Bakery menu')

  // Two Says and a Hang up, dragged onto the canvas.
  const drop = async (kind: string, x: number, y: number) => {
    await palette.getByRole('button', { name: kind }).dragTo(canvas, { targetPosition: { x, y } })
  }
  for (const [name, text, y] of [
    ['Bread', 'Our bread is fresh at seven.', 90],
    ['Cake', 'Cake is on the first floor.', 260],
  ] as const) {
    await drop('Say', 640, y)
    await settings.getByRole('textbox', { name: /^What callers hear/ }).fill(text)
    await settings.getByRole('textbox', { name: 'Name' }).fill(name)
  }
  await drop('Hang up', 640, 520)
  await settings.getByRole('textbox', { name: /^Said before/ }).fill('Goodbye.')
  await settings.getByRole('textbox', { name: 'Name' }).fill('Goodbye')
  await settings.getByRole('button', { name: /^Close settings/ }).click()
}

/** Links: some by dragging from the port to the block, some by clicking the port and choosing. */
async function linkBlocks(page: Page): Promise<void> {
  const { canvas } = partsOf(page)
  const block = (name: string) => canvas.getByRole('group', { name: new RegExp(`, ${name}, `) })
  await canvas.getByRole('button', { name: 'Bakery menu, key 1, leads nowhere' }).dragTo(block('Bread'))
  await canvas.getByRole('button', { name: 'Bakery menu, key 2, leads nowhere' }).dragTo(block('Cake'))
  for (const port of [
    'Bakery menu, Nothing pressed, to the apology',
    'Bakery menu, Wrong key, to the apology',
    'Bread, next, leads nowhere',
    'Cake, next, leads nowhere',
  ]) {
    await canvas.getByRole('button', { name: port }).click()
    await page.getByRole('option', { name: 'Goodbye Hang up' }).click()
  }
}

/** The audio element plays the very WAV that Teams would play. */
async function playedWav(page: Page) {
  const audio = await page.waitForFunction(() => {
    const element = document.querySelector('audio')
    return element && element.currentTime > 0 && !element.paused ? element.currentSrc : null
  })
  return page.evaluate(
    async (source) => {
      const bytes = new DataView(await (await fetch(source ?? '')).arrayBuffer())
      const word = (at: number) => String.fromCharCode(...[0, 1, 2, 3].map((n) => bytes.getUint8(at + n)))
      return {
        container: `${word(0)} ${word(8)}`,
        pcm: bytes.getUint16(20, true) === 1,
        channels: bytes.getUint16(22, true),
        rate: bytes.getUint32(24, true),
        bits: bytes.getUint16(34, true),
        seconds: (bytes.byteLength - 44) / 32_000,
      }
    },
    await audio.jsonValue(),
  )
}
