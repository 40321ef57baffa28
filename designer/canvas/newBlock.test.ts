import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { edit } from '#flow/edit.ts'
import type { Flow } from '#flow/flow.ts'
import { kinds } from '#flow/kinds.ts'
import { emptyFlow, frontDesk } from '#flow/sample.ts'
import { viewedOf } from '../views.ts'
import { boxesOf, overlaps } from './geometry.ts'
import { addAfter, addBehind, addLoose, kindsToAdd, kindsToInsert, type NewBlock } from './newBlock.ts'

const kind = (type: string) => {
  const found = kinds.find((one) => one.type === type)
  if (!found) throw new Error(type)
  return found
}
const made = (flow: Flow, { changes }: NewBlock) => changes.reduce(edit, flow)
const anyOverlap = (flow: Flow) => {
  const boxes = [...boxesOf(viewedOf(flow)).values()]
  return boxes.some((a, n) => boxes.slice(n + 1).some((b) => overlaps(a, b)))
}

it('a block added behind the start stands 60 px below it and is linked', () => {
  const flow = emptyFlow('New')
  const added = addBehind(viewedOf(flow), kind('play'), 'incoming')
  const after = made(flow, added)
  expect(after.blocks.incoming?.exits.next).toBe(added.id)
  expect(after.blocks[added.id]?.position).toEqual({ x: 0, y: 144 })
})

it('a block put into a link keeps what came after, which makes room', () => {
  const added = addAfter(viewedOf(frontDesk), kind('play'), { block: 'incoming', exit: 'next' })
  const after = made(frontDesk, added)
  expect(after.blocks.incoming?.exits.next).toBe(added.id)
  expect(after.blocks[added.id]?.exits.done).toBe('welcome')
  expect(after.blocks[added.id]?.position).toEqual({ x: 0, y: 144 })
  expect(after.blocks.welcome?.position).toEqual({ x: 0, y: 288 })
  expect(anyOverlap(after)).toBe(false)
})

it('a block with outcomes put into the link of a row pushes the columns behind it to the right', () => {
  const added = addAfter(viewedOf(frontDesk), kind('menu'), { block: 'menu', exit: '1' })
  const after = made(frontDesk, added)
  const sales = frontDesk.blocks.sales?.position ?? { x: 0, y: 0 }
  expect(after.blocks[added.id]?.position).toEqual(sales)
  expect(after.blocks.sales?.position).toEqual({ x: sales.x + 320, y: sales.y })
  expect(anyOverlap(after)).toBe(false)
})

it('with no open outcome left, a new block stands beside the others and nothing leads to it', () => {
  const added = addBehind(viewedOf(frontDesk), kind('play'), 'goodbye')
  const after = made(frontDesk, added)
  expect(Object.values(after.blocks).some(({ exits }) => Object.values(exits).includes(added.id))).toBe(false)
  expect(anyOverlap(after)).toBe(false)
})

it('new blocks of one kind have different names', () => {
  const once = made(frontDesk, addLoose(viewedOf(frontDesk), kind('play')))
  const twice = made(once, addLoose(viewedOf(once), kind('play')))
  const names = Object.values(twice.blocks).map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})

it('a call is answered once, and nothing is inserted that ends it', () => {
  expect(kindsToAdd(frontDesk).map(({ type }) => type)).not.toContain('incomingCall')
  expect(kindsToAdd(frontDesk).map(({ type }) => type)).toContain('hangUp')
  expect(kindsToInsert(frontDesk).map(({ type }) => type)).not.toContain('hangUp')
})

it('however blocks are added, none ever covers another', () => {
  const step = fc.record({ type: fc.constantFrom('play', 'menu', 'hangUp', 'branch'), at: fc.nat(), how: fc.nat(2) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      let flow = emptyFlow('New')
      for (const { type, at, how } of steps) {
        const ids = Object.keys(flow.blocks)
        const id = ids[at % ids.length] ?? flow.start
        const viewed = viewedOf(flow)
        const exits = viewed.views.get(id)?.exits ?? []
        const exit = exits[at % Math.max(1, exits.length)]?.name
        const inserts = kind(type).ends && exit !== undefined && flow.blocks[id]?.exits[exit] !== undefined
        if (how === 0 && exit !== undefined && !inserts)
          flow = made(flow, addAfter(viewed, kind(type), { block: id, exit }))
        else if (how === 1) flow = made(flow, addBehind(viewed, kind(type), id))
        else flow = made(flow, addLoose(viewed, kind(type), { x: at % 700, y: at % 500 }))
        expect(anyOverlap(flow)).toBe(false)
      }
    }),
    { numRuns: 60 },
  )
})
