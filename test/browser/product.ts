import type { Browser, Page } from 'playwright-core'
import { inject } from 'vitest'
import { launchBrowser } from './browser.ts'
import { npmStart } from './npmStart.ts'

/** A product of one's own with a browser before it, for tests that count what is there, or end parts of it. */
export async function openProduct(options: Parameters<typeof npmStart>[0] = {}) {
  const { place, kill, close, ...started } = await npmStart(options)
  const browser = await openBrowser()
  return {
    ...started,
    ...place,
    ...browser,
    async kill() {
      await browser.close()
      await kill()
    },
    async close() {
      await browser.close()
      await close()
    },
  }
}

export type Product = Awaited<ReturnType<typeof openProduct>>

/** The product that all files share, with a browser of this file. What a test looks at, it makes itself; others make theirs. */
export async function openShared() {
  const browser = await openBrowser()
  return { ...inject('product'), ...browser }
}

export type Shared = Awaited<ReturnType<typeof openShared>>

async function openBrowser() {
  const browser = await launchBrowser()
  return { page: (options: PageOptions = {}) => openPage(browser, options), close: () => browser.close() }
}

type PageOptions = { colorScheme?: 'light' | 'dark'; width?: number; height?: number }

/** A page of its own in this theme. Errors in its console fail the test that asks for them. */
async function openPage(browser: Browser, { colorScheme = 'light', width = 1440, height = 900 }: PageOptions) {
  const context = await browser.newContext({ colorScheme, viewport: { width, height }, locale: 'en-US' })
  const page: Page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || /hydrat/i.test(message.text())) errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(error.message))
  const foreign: string[] = []
  page.on('request', (request) => {
    const address = new URL(request.url())
    if (address.protocol.startsWith('http') && address.hostname !== 'localhost') foreign.push(request.url())
  })
  return { page, errors, foreign, close: () => context.close() }
}
