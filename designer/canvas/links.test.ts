import { expect, it } from 'vitest'
import { edit } from '#flow/edit.ts'
import { frontDesk } from '#flow/sample.ts'
import { viewedOf } from '../views.ts'
import { heightOf, portAt, sideOf } from './geometry.ts'
import { arrowHead, levelled, linkAt, planLinks, roundedPath, turns } from './links.ts'

const plan = (flow = frontDesk) => new Map(planLinks(viewedOf(flow)).map((link) => [link.id, link]))

it('heights are those of the design: 84 without rows, 32 more for each row', () => {
  expect(heightOf([{ name: 'done' }])).toBe(84)
  expect(heightOf([])).toBe(84)
  expect(heightOf([{ name: 'failed' }])).toBe(125)
  expect(heightOf([{ name: '1', key: '1' }, { name: 'noInput' }, { name: 'noMatch' }])).toBe(189)
})

it('a block that only goes on has one port in the middle of its lower edge', () => {
  expect(sideOf([{ name: 'done' }])).toBe('below')
  expect(portAt([{ name: 'done' }], 0)).toEqual({ x: 120, y: 84 })
})

it('a single outcome that is no plain continuation is a row', () => {
  expect(sideOf([{ name: 'failed' }])).toBe('row')
  expect(portAt([{ name: 'failed' }], 0)).toEqual({ x: 240, y: 105 })
})

it('every link of the sample is planned once, each with its port', () => {
  const linked = Object.entries(frontDesk.blocks).flatMap(([id, { exits }]) =>
    Object.keys(exits).map((e) => `${id}.${e}`),
  )
  expect([...plan().keys()].sort()).toEqual(linked.sort())
})

it('what is dropped on a line is dropped on its link, and nowhere else', () => {
  const at = (x: number, y: number) => linkAt(viewedOf(frontDesk), [...plan().values()], { x, y })?.id
  expect(at(124, 110)).toBe('incoming.next')
  expect(at(112, 250)).toBe('welcome.done')
  expect(at(160, 110)).toBeUndefined()
  expect(at(5000, 110)).toBeUndefined()
})

it('a link that would run back is told in words', () => {
  expect(plan().get('directions.done')?.lane).toBeNull()
})

it('a link that would run through other blocks is told in words', () => {
  expect(plan().get('menu.noInput')?.lane).toBeNull()
})

it('a link to a block on the right is a line again once the way is free', () => {
  const moved = edit(frontDesk, { type: 'moveBlocks', positions: { goodbye: { x: 640, y: 640 } } })
  expect(plan(moved).get('menu.noInput')?.lane).not.toBeNull()
})

it('a block that leads to itself has words and no line', () => {
  const looped = edit(frontDesk, { type: 'connect', block: 'menu', exit: '1', to: 'menu' })
  expect(plan(looped).get('menu.1')?.lane).toBeNull()
})

it('rows that go down take lanes from the outside in, so that they do not cross', () => {
  const support = plan().get('menu.2')?.lane?.distance ?? 0
  const directions = plan().get('menu.3')?.lane?.distance ?? 0
  expect(support).toBeGreaterThan(directions)
})

it('links of one block to the same target share their lane and merge', () => {
  const both = edit(frontDesk, { type: 'connect', block: 'menu', exit: '1', to: 'support' })
  expect(plan(both).get('menu.1')?.lane).toEqual(plan(both).get('menu.2')?.lane)
})

it('lanes stay within the gap between two columns, however many links there are', () => {
  const lanes = [...plan().values()].flatMap(({ side, lane }) => (side === 'row' && lane ? [lane.distance] : []))
  for (const lane of lanes) expect(lane).toBeLessThanOrEqual(80 - 16)
})

it('a link to a missing block is no line', () => {
  const broken = { ...frontDesk, blocks: { ...frontDesk.blocks } }
  delete broken.blocks.sales
  expect(plan(broken).has('menu.1')).toBe(false)
})

it('a line bends twice between a row and the left edge of a block', () => {
  const points = turns('row', { x: 240, y: 105 }, { x: 320, y: 30 }, { from: 'source', distance: 52 })
  expect(points).toEqual([
    { x: 240, y: 105 },
    { x: 292, y: 105 },
    { x: 292, y: 30 },
    { x: 314, y: 30 },
  ])
})

it('nearly level ends are joined by one straight line, and no others', () => {
  expect(levelled('row', { x: 240, y: 105 }, { x: 320, y: 110 })).toEqual({ x: 320, y: 105 })
  expect(levelled('row', { x: 240, y: 105 }, { x: 320, y: 120 })).toEqual({ x: 320, y: 120 })
  expect(levelled('below', { x: 120, y: 84 }, { x: 126, y: 144 })).toEqual({ x: 120, y: 144 })
})

it('corners are rounded by 8 px, and by less where a piece is short', () => {
  expect(
    roundedPath([
      { x: 0, y: 0 },
      { x: 20, y: 0 },
      { x: 20, y: 40 },
    ]),
  ).toBe('M0 0L12 0Q20 0 20 8L20 40')
  expect(
    roundedPath([
      { x: 0, y: 0 },
      { x: 4, y: 0 },
      { x: 4, y: 40 },
    ]),
  ).toBe('M0 0L2 0Q4 0 4 2L4 40')
})

it('the arrow head points into the block', () => {
  expect(arrowHead('row', { x: 320, y: 30 })).toBe('M312 25v10l8-5z')
  expect(arrowHead('below', { x: 120, y: 144 })).toBe('M115 136h10l-5 8z')
})
