import { expect, it } from 'vitest'
import { type Change, edit } from '#flow/edit.ts'
import { frontDesk } from '#flow/sample.ts'
import { nothingShared } from '#flow/shared.ts'
import { type Drawing, drawingOf } from './drawing.ts'
import { rulesWith } from './rules.ts'

const rules = rulesWith({ shared: nothingShared, names: { secret: {}, value: {} } })

const before = drawingOf(frontDesk)
const after = (change: Change) => drawingOf(edit(frontDesk, change), before)

it('of the same flow is the same object', () => {
  expect(drawingOf(frontDesk, before)).toBe(before)
})

it.each<[string, Change]>([
  ['a text is typed', { type: 'changeSettings', id: 'welcome', settings: { prompts: ['Good day.'] } }],
  ['a block is renamed', { type: 'renameBlock', id: 'sales', name: 'Sales team' }],
  ['a variable is declared', { type: 'setVariable', name: 'count', variable: { type: 'number' } }],
])('keeps order and links when %s', (_, change) => {
  const drawing = after(change)
  expect([drawing.order, drawing.links]).toEqual([before.order, before.links])
  expect(drawing.order).toBe(before.order)
  expect(drawing.links).toBe(before.links)
})

it.each<[string, Change]>([
  ['a block is moved', { type: 'moveBlocks', positions: { sales: { x: 640, y: -40 } } }],
  ['a link is drawn', { type: 'connect', block: 'menu', exit: '1', to: 'goodbye' }],
  ['a block goes', { type: 'removeBlocks', ids: ['sales'], heal: false }],
  ['an outcome comes', { type: 'changeSettings', id: 'welcome', settings: { prompts: ['Hi.'], bargeIn: 'anyKey' } }],
  ['the failure path changes', { type: 'changeFlow', onError: 'goodbye' }],
])('reckons everything as if it were new when %s', (_, change) => {
  const [drawing, fresh] = [after(change), drawingOf(edit(frontDesk, change))]
  expect([drawing.order, drawing.links]).toEqual([fresh.order, fresh.links])
  const exits = ({ views }: Drawing) => [...views].map(([id, view]) => [id, view.exits, view.summary])
  expect(exits(drawing)).toEqual(exits(fresh))
})

it('takes over the views of blocks that did not change', () => {
  const { views } = after({ type: 'renameBlock', id: 'sales', name: 'Sales team' })
  expect([...views].filter(([id, view]) => view !== before.views.get(id)).map(([id]) => id)).toEqual(['sales'])
})

it('with the rules the same flow is looked at anew, and what expressions use is known', () => {
  const counts = edit(frontDesk, { type: 'setVariable', name: 'n', variable: { type: 'number' } })
  const id = 'set'
  const settings = { assignments: [{ variable: 'n', value: 'n + 1' }] }
  const flow = edit(counts, {
    type: 'addBlock',
    id,
    block: { type: 'setVariable', name: 'Count', settings, position: { x: 0, y: 0 }, exits: {} },
  })
  const unread = drawingOf(flow)
  const read = drawingOf(flow, unread, rules)
  expect([unread, read].map(({ views }) => views.get(id)?.opened?.reads)).toEqual([[], ['n']])
  expect(drawingOf(flow, read, rules)).toBe(read)
  expect([read.order, read.links]).toEqual([unread.order, unread.links])
})
