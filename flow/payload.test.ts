import { describe, expect, it } from 'vitest'
import { check } from './check.ts'
import type { Flow } from './flow.ts'
import { type PayloadField, payloadOf, readPayload } from './payload.ts'
import { Rehearsal } from './rehearse.ts'
import { block, draw, hangUp, say } from './testing/draw.ts'
import { callTo, drawSub, flowIds, giveBack, libraryOf } from './testing/subFlows.ts'
import type { Value } from './values.ts'

const field = (name: string, type: PayloadField['type'] = 'text', required = true) => ({ name, type, required })

/** A flow that begins with this payload and says that. */
function saying(text: string, payload: readonly Value[]): Flow {
  const flow = draw({ hello: say(text, { done: 'bye' }), bye: hangUp() })
  return { ...flow, blocks: { ...flow.blocks, incoming: block('incomingCall', { payload }, { next: 'hello' }) } }
}
const order = [field('order'), field('count', 'number', false), field('urgent', 'boolean', false)]

describe('a payload that is given', () => {
  it.each([
    ['all of it', { order: '4711', count: 2, urgent: true }, { order: '4711', count: 2, urgent: true }],
    ['what must be given alone', { order: '' }, { order: '', count: 0, urgent: false }],
  ])('is taken: %s', (_, given, data) => expect(readPayload(order, given)).toEqual({ data }))

  it.each([
    ['something missing', { count: 1 }, ['data.order: missing']],
    ['another type', { order: 4711 }, ['data.order: no text of an allowed length']],
    ['nothing in its place', { order: null }, ['data.order: no text of an allowed length']],
    ['a text without end', { order: 'x'.repeat(1001) }, ['data.order: no text of an allowed length']],
    ['a name that is not declared', { order: '1', more: 1 }, ['data.more: not declared by the flow']],
    ['a name of every object', JSON.parse('{"order":"1","__proto__":1}'), ['data.__proto__: not declared by the flow']],
  ])('is refused with its place: %s', (_, given, faults) => expect(readPayload(order, given)).toEqual({ faults }))

  it('is refused as a whole when its parts add up to too much', () => {
    const lists = Array.from({ length: 20 }, (_, n) => field(`list${n}`, 'list'))
    const given = Object.fromEntries(lists.map(({ name }) => [name, Array.from({ length: 20 }, () => 'x')]))
    expect(readPayload(lists, given)).toEqual({ faults: ['data: too large'] })
  })

  it('has no more faults told than it may have fields', () => {
    const given = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`n${n}`, n]))
    expect(readPayload([], given)).toMatchObject({ faults: { length: 20 } })
  })
})

describe('a payload that is declared', () => {
  it('is that of the block where calls begin, and none while it is half filled in', () => {
    expect(payloadOf(saying('', order))).toEqual(order)
    expect(payloadOf(saying('', [field('')]))).toEqual([])
    expect(payloadOf(draw({}))).toEqual([])
    expect(payloadOf(drawSub({}))).toEqual([])
  })

  it('with a name twice is wrong', () => {
    const problems = check(saying('Hello.', [field('order'), field('order')]))
    expect(problems).toContainEqual(expect.objectContaining({ detail: 'parameterTwice', field: 'payload.1.name' }))
  })
})

describe('trigger.data', () => {
  const text = 'Order ${trigger.data.order}, ${trigger.data.count + 1}.'
  const heard = (flow: Flow, data: Record<string, Value> = {}) => new Rehearsal(flow, {}, { data }).rings().hears

  it('is what was given', () =>
    expect(heard(saying(text, order), { order: '4711', count: 2 })).toEqual(['Order', '4711, 3.']))

  it('is empty for a caller who brings nothing', () => expect(heard(saying(text, order))).toEqual(['Order', ', 1.']))

  it('holds lists and objects', () => {
    const flow = saying('${trigger.data.names[1]} ${trigger.data.who.first}', [
      field('names', 'list'),
      field('who', 'object'),
    ])
    expect(heard(flow, { names: ['a', 'b'], who: { first: 'Lena' } })).toEqual(['b Lena'])
  })

  it('stands in a flow that is called from there too', () => {
    const child = drawSub({ hello: say('Order ${trigger.data.order}.', { done: 'back' }), back: giveBack('Done') })
    const start = saying('', order)
    const flow = {
      ...start,
      blocks: { ...start.blocks, hello: callTo(flowIds.child, { Done: 'bye' }) },
    }
    const flows = libraryOf({ [flowIds.child]: [child] })
    expect(new Rehearsal(flow, { flows }, { data: { order: '4711' } }).rings().hears).toEqual(['Order', '4711.'])
  })

  it('does not hide a variable that an older flow calls so', () => {
    const flow = { ...saying('${trigger}', []), variables: { trigger: { type: 'text' as const, initial: 'mine' } } }
    expect(heard(flow)).toEqual(['mine'])
  })
})
