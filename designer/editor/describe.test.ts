import { expect, it } from 'vitest'
import type { Change } from '#flow/edit.ts'
import { frontDesk } from '#flow/sample.ts'
import { drawingOf } from '../drawing.ts'
import { findBlocks } from '../header/find.ts'
import { describeChanges, replacesLink } from './describe.ts'

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

it('what is typed is not said again', () => {
  expect(said({ type: 'changeSettings', id: 'menu', settings: {} })).toBeNull()
})

it('a second link of an outcome replaces the first, the same one again does not', () => {
  expect(replacesLink(frontDesk, { type: 'connect', block: 'menu', exit: '1', to: 'goodbye' })).toBe(true)
  expect(replacesLink(frontDesk, { type: 'connect', block: 'menu', exit: '1', to: 'sales' })).toBe(false)
  expect(replacesLink(frontDesk, { type: 'connect', block: 'welcome', exit: 'interrupted', to: 'menu' })).toBe(false)
})

it('blocks are found by name, type, prompt and what stands in their settings', () => {
  const found = (text: string) => findBlocks(drawing, text)
  expect(found('main MENU')).toEqual(['menu'])
  expect(found('hang up')).toEqual(['goodbye'])
  expect(found('harbour')).toEqual(['directions'])
  expect(found('adele')).toEqual(['sales'])
  expect(found('  ')).toEqual([])
})
