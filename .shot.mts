import { openProduct } from './test/browser/product.ts'
const product = await openProduct()
const base = product.designerUrl ?? product.url ?? ''
console.log(Object.keys(product), base)
const post = async (path: string, body: unknown, method = 'POST') => {
  const response = await fetch(base + path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  const text = await response.text()
  if (!response.ok) console.log(path, response.status, text)
  return text === '' ? null : JSON.parse(text)
}
const day = [{ from: '08:00', to: '12:00' }, { from: '13:00', to: '17:00' }]
const week = { monday: day, tuesday: day, wednesday: day, thursday: [{ from: '08:00', to: '17:00' }], friday: [{ from: '08:00', to: '13:00' }], saturday: [], sunday: [] }
const { days } = await (await fetch(`${base}/api/holidays?place=DE-HH&year=2026`)).json()
const christmas = days.filter(({ from }: { from: string }) => from >= '2026-12')
const { id } = await post('/api/calendars', { calendar: { name: 'Practice hours', timeZone: 'Europe/Berlin', week, holidays: [{ name: 'Christmas Eve', from: '2026-12-24', to: '2026-12-24', hours: [{ from: '08:00', to: '12:00' }] }, ...christmas, { name: 'Practice holiday', from: '2026-12-28', to: '2027-01-03' }], overrides: [{ name: 'Staff meeting', open: false, from: '2026-12-21T11:00:00Z', until: '2026-12-21T14:00:00Z' }] } })
const night = [{ from: '17:00', to: '08:00' }]
await post('/api/calendars', { calendar: { name: 'Emergency line', timeZone: 'Europe/Berlin', week: Object.fromEntries(Object.keys(week).map((d) => [d, night])) } })
await post('/api/calendars', { calendar: { name: 'Trade fair', timeZone: 'Europe/Berlin', week: Object.fromEntries(Object.keys(week).map((d) => [d, []])) } })
const flow = await post('/api/flows', { name: 'Practice', from: 'sample' })
const opened = await (await fetch(`${base}/api/flows/${flow.id}`)).json()
opened.flow.blocks.hours = { type: 'businessHours', name: 'Opening hours', settings: { calendar: { id, name: 'Practice hours' }, variable: '' }, exits: { open: 'menu', closed: 'goodbye' }, position: { x: 320, y: 400 } }
opened.flow.blocks.welcome.exits.done = 'hours'
await post(`/api/flows/${flow.id}`, { flow: opened.flow, revision: opened.revision }, 'PUT')
for (const theme of ['light', 'dark', 'contrast']) {
  const { page, errors, close } = await product.page()
  await page.goto(`${base}/hours?theme=${theme}&id=${id}`)
  await page.waitForSelector('.hours-headline')
  await page.waitForTimeout(600)
  await page.screenshot({ path: `/tmp/shots/hours-${theme}.png` })
  console.log(theme, errors)
  await close()
}
const phone = await product.page({ width: 390, height: 844 })
await phone.page.goto(`${base}/hours?theme=light&id=${id}`)
await phone.page.waitForSelector('.hours-headline')
await phone.page.waitForTimeout(500)
await phone.page.screenshot({ path: '/tmp/shots/hours-390.png' })
console.log('width', await phone.page.evaluate(() => document.documentElement.scrollWidth))
await phone.close()
const one = await product.page()
await one.page.goto(`${base}/flows/${flow.id}?theme=light`)
await one.page.waitForTimeout(2500)
await one.page.getByText('Opening hours').first().click()
await one.page.waitForTimeout(800)
await one.page.screenshot({ path: '/tmp/shots/hours-block.png' })
console.log(one.errors)
await one.close()
await product.close()
