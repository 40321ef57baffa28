import { expect, it } from 'vitest'
import type { Change } from '#flow/edit.ts'
import { kindOf } from '#flow/kinds.ts'
import { frontDesk } from '#flow/sample.ts'
import { drawingOf } from '../drawing.ts'
import { findBlocks } from '../header/find.ts'
import { describeChanges, surprises } from './describe.ts'

const drawing = drawingOf(frontDesk)
const said = (change: Change) => describeChanges(drawing, [change])

it('links, moves and deletions are said in words', () => {
  expect(said({ type: 'connect', block: 'menu', exit: '1', to: 'goodbye' })).toBe(
    'Main menu, key 1 now leads to Goodbye, not Sales.',
  )
  expect(said({ type: 'disconnect', block: 'menu', exit: '1' })).toBe('Main menu, key 1 leads nowhere now.')
  expect(said({ type: 'moveBlocks', positions: { menu: { x: 0, y: 0 } } })).toBe('Main menu moved.')
  expect(said({ type: 'removeBlocks', ids: ['sales', 'menu'] })).toBe('2 blocks deleted.')
})

it('what is put into a link says what became of the one that came next', () => {
  const put = (type: string, through: string | null) =>
    said({
      type: 'insertBlock',
      id: 'new',
      block: { type, name: 'New', settings: kindOf(type)?.defaults() ?? {}, exits: {}, position: { x: 0, y: 0 } },
      after: { block: 'welcome', exit: 'done' },
      through,
    })
  expect(put('play', 'done')).toBe('New added between Welcome, next and Main menu.')
  expect(put('collectDigits', 'collected')).toBe(
    'New added between Welcome, next and Main menu. “Number typed” leads to Main menu.',
  )
  expect(put('menu', null)).toBe(
    'New added after Welcome, next. The ways out of New lead nowhere yet: choose them. Main menu is not linked from here any more.',
  )
})

it('what is typed is not said again', () => {
  expect(said({ type: 'changeSettings', id: 'menu', settings: {} })).toBeNull()
})

it('a second link of an outcome replaces the first, the same one again does not', () => {
  expect(surprises(frontDesk, { type: 'connect', block: 'menu', exit: '1', to: 'goodbye' })).toBe(true)
  expect(surprises(frontDesk, { type: 'connect', block: 'menu', exit: '1', to: 'sales' })).toBe(false)
  expect(surprises(frontDesk, { type: 'connect', block: 'welcome', exit: 'interrupted', to: 'menu' })).toBe(false)
})

it('blocks are found by name, type, prompt and what stands in their settings', () => {
  const found = (text: string) => findBlocks(drawing, text)
  expect(found('main MENU')).toEqual(['menu'])
  expect(found('hang up')).toEqual(['goodbye'])
  expect(found('harbour')).toEqual(['directions'])
  expect(found('adele')).toEqual(['sales'])
  expect(found('  ')).toEqual([])
})
