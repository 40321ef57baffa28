import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { openProduct } from '#test/browser/product.ts'

// The script that each page asks for in a new browser, in kB of gzip: until it shows what it is for, and until it rests.

const product = await openProduct()

async function measure(path: string, shown: string) {
  const { page, close } = await product.page()
  const loaded: { at: number; kB: number }[] = []
  const reading: Promise<void>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return
    const at = performance.now()
    reading.push(response.body().then((body) => void loaded.push({ at, kB: gzipSync(body).byteLength / 1000 })))
  })
  await page.goto(product.url + path)
  await page.waitForSelector(shown)
  const shownAt = performance.now()
  await page.waitForLoadState('networkidle')
  await Promise.all(reading)
  const link = await firstFlow(page)
  await close()
  const sum = (those: typeof loaded) => Math.round(those.reduce((kB, one) => kB + one.kB, 0))
  return { link, kB: sum(loaded.filter(({ at }) => at <= shownAt)), atRest: sum(loaded) }
}

const firstFlow = async (page: Page) => {
  const links = page.locator('a[href^="/flows/"]')
  return (await links.count()) > 0 ? await links.first().getAttribute('href') : null
}

try {
  const flows = await measure('/flows', 'a[href^="/flows/"]')
  if (flows.link === null) throw new Error('The list shows no flow.')
  const designer = await measure(flows.link, '.react-flow__node')
  const calls = await measure('/calls', 'main')
  console.table([
    { page: 'flows', goal: '<= 320', 'kB gzip': flows.kB, 'at rest': flows.atRest },
    { page: 'designer', goal: '<= 350', 'kB gzip': designer.kB, 'at rest': designer.atRest },
    { page: 'calls', goal: '<= 320', 'kB gzip': calls.kB, 'at rest': calls.atRest },
  ])
} finally {
  await product.close()
}
