import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'

const browsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  process.env.CHROMIUM ?? '',
]
const executablePath = browsers.find((path) => path !== '' && existsSync(path))

/** A machine without a browser leaves these tests out and says so; CI has one. */
export const browserIsHere = executablePath !== undefined || Boolean(process.env.CI)
if (!browserIsHere)
  process.stderr.write('No Chromium is installed (set CHROMIUM to its path): browser tests are skipped.\n')

/** Takes a picture of a page as it stands; they are looked at by people and not kept in the repository. */
export const picture = (page: Page, name: string) =>
  page.screenshot({ path: join(import.meta.dirname, '..', '..', 'build', 'screenshots', `${name}.png`) })

/** By how many pixels a page scrolls sideways, which it never should. */
export const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/**
 * Looks at a page at each width in turn, the narrowest first: that is how it was loaded. Wider it lays itself out anew.
 * @param look what must hold at each
 */
export async function atWidths(page: Page, widths: readonly number[], look: (width: number) => Promise<void>) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 844 })
    await page.waitForTimeout(300) // what slides has come to rest
    await look(width)
  }
}

/** What stands out of the window on the right, of the elements that these selectors mean. */
export const cutOff = (page: Page, selectors: string) =>
  page.evaluate(
    (selectors) =>
      [...document.querySelectorAll(selectors)]
        .filter((element) => element.checkVisibility())
        .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
        .map((element) => element.textContent || element.getAttribute('aria-label')),
    selectors,
  )

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: executablePath ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=user-gesture-required',
    ],
  })
}
