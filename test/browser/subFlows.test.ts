import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Flow } from '#flow/flow.ts'
import { draw, hangUp, say } from '#flow/testing/draw.ts'
import { callTo, drawSub, giveBack } from '#flow/testing/subFlows.ts'
import { askerOf } from './ask.ts'
import { violations } from './axe.ts'
import { browserIsHere, picture, sideways } from './browser.ts'
import { openProduct, type Product } from './product.ts'

const spread = (flow: Flow, name: string): Flow => ({
  ...flow,
  name,
  blocks: Object.fromEntries(
    Object.entries(flow.blocks).map(([id, one], n) => [
      id,
      { ...one, position: { x: (n % 3) * 320, y: Math.floor(n / 3) * 220 } },
    ]),
  ),
})

/** Greets by a name, and gives back how it went. */
const greets = (words: string, name = 'Greeting'): Flow =>
  spread(
    drawSub(
      { hello: say(words, { done: 'back' }), back: giveBack('Greeted', 'n') },
      {
        variables: { who: { type: 'text', initial: '' }, n: { type: 'number', initial: 7 } },
        parameters: [{ variable: 'who', required: true }],
      },
    ),
    name,
  )

describe.skipIf(!browserIsHere)('flows that call flows', () => {
  let product: Product
  let child: string
  const ask = askerOf(() => product)

  const save = async (flow: Flow, existing?: string) => {
    const id = existing ?? (await ask('POST', '/api/flows', { name: flow.name, from: 'empty' })).body.id
    const { revision } = (await ask('GET', `/api/flows/${id}`)).body
    const saved = await ask('PUT', `/api/flows/${id}`, { flow, revision })
    return { id: id as string, revision: saved.body.revision as number }
  }
  const publish = async (flow: Flow, existing?: string) => {
    const { id, revision } = await save(flow, existing)
    const asked = await ask('POST', `/api/flows/${id}/publish`, { revision, note: '' })
    expect(asked.status).toBe(202)
    const isDone = async () => {
      const { publishing } = (await ask('GET', `/api/flows/${id}/publish`)).body
      expect(publishing.state).toBe('done')
    }
    await vi.waitFor(isDone, { timeout: 30_000, interval: 100 })
    return id
  }

  beforeAll(async () => {
    product = await openProduct()
    child = await publish(greets('Hello from the sub-flow.'))
  })
  afterAll(() => product.close())

  it.each(['light', 'dark', 'contrast'])('are chosen, given values and kept at a version, in %s', async (theme) => {
    const parent = spread(
      draw({ bye: hangUp() }, { variables: { n: { type: 'number', initial: 0 } } }),
      `Desk ${theme}`,
    )
    const { id } = await save(parent)
    const { page, errors, close } = await product.page()
    await page.goto(`${product.url}/flows/${id}?theme=${theme}`)
    await page
      .getByRole('application')
      .getByRole('group', { name: /incomingCall/ })
      .click()
    await page.getByRole('navigation', { name: 'Blocks' }).getByRole('button', { name: 'Call sub-flow' }).click()
    await page.getByRole('combobox', { name: /^Sub-flow/ }).selectOption({ label: 'Greeting' })
    await page.getByRole('textbox', { name: /^who/ }).fill('caller.name')
    await page.getByRole('combobox', { name: 'n', exact: true }).selectOption({ label: 'n' })
    await page.getByRole('combobox', { name: /^Greeted/ }).waitFor()
    await page.getByRole('link', { name: 'Open this flow' }).waitFor()
    await page.waitForTimeout(600)
    await picture(page, `sub-flow-called-${theme}`)
    expect(await violations(page)).toEqual([])
    const settingsNow = async () => {
      const { flow } = (await ask('GET', `/api/flows/${id}`)).body
      return Object.values((flow as Flow).blocks).find(({ type }) => type === 'callFlow')?.settings
    }
    await expect.poll(settingsNow).toEqual({
      flow: { id: child, name: 'Greeting', version: null, exits: ['Greeted'] },
      parameters: [{ name: 'who', value: 'caller.name' }],
      results: [{ name: 'n', variable: 'n' }],
    })
    expect(errors).toEqual([])
    await close()
  })

  it('say when there is a newer version than the one that is kept, and take it with its exits', async () => {
    const other = await publish(greets('One.', 'Pinned'))
    await publish(
      { ...greets('Two.', 'Pinned'), blocks: { ...greets('Two.').blocks, back: giveBack('Welcomed', 'n') } },
      other,
    )
    const pinned = callTo(other, { Greeted: 'bye' }, { version: 1, parameters: { who: '"x"' } })
    const { id } = await save(spread(draw({ sub: pinned, bye: hangUp() }), 'Stays'))
    const { page, errors, close } = await product.page()
    await page.goto(`${product.url}/flows/${id}`)
    await page
      .getByRole('application')
      .getByRole('group', { name: /callFlow/ })
      .click()
    await page.getByText('The latest is 2, you use 1.').waitFor()
    await page.waitForTimeout(300)
    await picture(page, 'sub-flow-newer')
    expect(await violations(page)).toEqual([])
    await page.getByRole('button', { name: 'Use version 2' }).click()
    await page.getByRole('combobox', { name: /^Welcomed/ }).waitFor()
    await page.getByText('The latest is 2, you use 1.').waitFor({ state: 'detached' })
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await sideways(page)).toBe(0)
    await picture(page, 'sub-flow-390')
    expect(errors).toEqual([])
    await close()
  })

  it('begin as what they are made by hand, and have ends with names', async () => {
    const { id } = await save(spread(draw({}), 'By hand'))
    const { page, errors, close } = await product.page()
    await page.goto(`${product.url}/flows/${id}`)
    await page
      .getByRole('application')
      .getByRole('group', { name: /incomingCall/ })
      .click()
    await page.getByRole('combobox', { name: 'This flow' }).selectOption({ label: 'Is called by other flows' })
    await page.getByRole('button', { name: 'Add a value that it takes' }).click()
    await page.getByRole('combobox', { name: 'Value 1' }).selectOption({ label: 't' })
    await page.waitForTimeout(300)
    await picture(page, 'sub-flow-start')
    expect(await violations(page)).toEqual([])
    await page.getByRole('navigation', { name: 'Blocks' }).getByRole('button', { name: 'Sub-flow end' }).click()
    await page.getByRole('textbox', { name: /^Goes back by/ }).fill('Booked')
    await page.getByRole('button', { name: 'Add a value that it gives back' }).click()
    await page.getByRole('combobox', { name: 'Value 1' }).selectOption({ label: 't' })
    await page.waitForTimeout(300)
    await picture(page, 'sub-flow-end')
    expect(await violations(page)).toEqual([])
    const types = async () =>
      Object.values(((await ask('GET', `/api/flows/${id}`)).body.flow as Flow).blocks).map(({ type }) => type)
    await expect.poll(types).toEqual(expect.arrayContaining(['subFlowStart', 'subFlowEnd']))
    expect(errors).toEqual([])
    await close()
  })

  it('are heard at the test phone, and their steps are shown in the flow of each', async () => {
    const parent = draw({ sub: callTo(child, { Greeted: 'bye' }, { parameters: { who: '"x"' } }), bye: hangUp('Bye.') })
    const { id } = await save(spread(parent, 'Calls a flow'))
    const { page, errors, close } = await product.page()
    await page.goto(`${product.url}/flows/${id}`)
    await page.getByRole('button', { name: 'Test call' }).click()
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    const phone = page.getByRole('complementary', { name: 'Test call' })
    await phone.getByText('Hello from the sub-flow.').waitFor({ timeout: 20_000 })
    await picture(page, 'sub-flow-phone')
    await phone.getByText('The flow hung up.').waitFor({ timeout: 20_000 })
    const { calls } = (await ask('GET', '/api/calls?test=yes')).body
    const call = calls.find(({ flowId }: { flowId: string }) => flowId === id)
    await page.goto(`${product.url}/calls/${call.id}`)
    const steps = page.getByRole('complementary', { name: 'Steps' })
    await steps.getByText('In Greeting · Say').click()
    await page.getByText('In Greeting, version 1').waitFor()
    await page.waitForTimeout(600)
    await picture(page, 'sub-flow-steps')
    expect(await violations(page)).toEqual([])
    await steps.getByText('Call sub-flow').first().click()
    await page.getByText('In Greeting, version 1').waitFor({ state: 'detached' })
    await page.waitForTimeout(300)
    await picture(page, 'sub-flow-steps-caller')
    expect(errors).toEqual([])
    await close()
  })
})
