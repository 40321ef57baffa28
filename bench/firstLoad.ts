import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { openProduct } from '#test/browser/product.ts'

// The script that each page asks for in a new browser, in kB of gzip: until it shows what it is for, and until it rests.

const product = await openProduct()

/** A flow in the list, not what was deleted. */
const aFlow = 'a[href^="/flows/"]:not([href="/flows/deleted"])'

async function measure(path: string, shown: string) {
  const { page, close } = await product.page()
  const sizes = new Map<string, number>()
  const reading: Promise<void>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return
    reading.push(response.body().then((body) => void sizes.set(response.url(), gzipSync(body).byteLength / 1000)))
  })
  // The page itself says when, by one clock for both: what a driver asks comes later.
  await page.addInitScript((selector) => {
    const observer = new MutationObserver(() => {
      if (!document.querySelector(selector)) return
      observer.disconnect()
      performance.mark('shown')
    })
    observer.observe(document, { childList: true, subtree: true })
  }, shown)
  await page.goto(product.url + path)
  await page.waitForSelector(shown)
  await page.waitForLoadState('networkidle')
  await Promise.all(reading)
  const needed = await page.evaluate(() => {
    const shownAt = performance.getEntriesByName('shown')[0]?.startTime ?? Number.POSITIVE_INFINITY
    const scripts = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
    return scripts.filter(({ responseEnd }) => responseEnd <= shownAt).map(({ name }) => name)
  })
  const link = await firstFlow(page)
  await close()
  const sum = (urls: Iterable<string>) => Math.round([...urls].reduce((kB, url) => kB + (sizes.get(url) ?? 0), 0))
  return { link, kB: sum(new Set(needed)), atRest: sum(sizes.keys()) }
}

const firstFlow = async (page: Page) => {
  const links = page.locator(aFlow)
  return (await links.count()) > 0 ? await links.first().getAttribute('href') : null
}

try {
  const flows = await measure('/flows', aFlow)
  if (flows.link === null) throw new Error('The list shows no flow.')
  const designer = await measure(flows.link, '.react-flow__node')
  const calls = await measure('/calls', 'main')
  console.table([
    { page: 'flows', goal: '<= 250', 'kB gzip': flows.kB, 'at rest': flows.atRest },
    { page: 'designer', goal: '<= 345', 'kB gzip': designer.kB, 'at rest': designer.atRest },
    { page: 'calls', goal: '<= 250', 'kB gzip': calls.kB, 'at rest': calls.atRest },
  ])
} finally {
  await product.close()
}
