import { expect, it } from 'vitest'
import { frontDesk } from '#flow/sample.ts'
import { drawingOf } from '../drawing.ts'
import { actionOf, type Key, type Spot } from './keys.ts'

const drawing = drawingOf(frontDesk)
const press = (key: string, spot: Spot, more: Partial<Key> = {}) =>
  actionOf({ key, code: '', shift: false, command: false, alt: false, ...more }, spot, drawing)

it('blocks stand in the order in which a call may come to them', () => {
  expect(drawing.order).toEqual(['incoming', 'welcome', 'menu', 'sales', 'nobody', 'goodbye', 'support', 'directions'])
})

it('down and up follow the order of the call', () => {
  expect(press('ArrowDown', { block: 'welcome' })).toEqual({ type: 'goTo', spot: { block: 'menu' } })
  expect(press('ArrowUp', { block: 'welcome' })).toEqual({ type: 'goTo', spot: { block: 'incoming' } })
  expect(press('ArrowUp', { block: 'incoming' })).toBeNull()
})

it('right goes out to the outcomes, along one, and left comes back', () => {
  expect(press('ArrowRight', { block: 'menu' })).toEqual({ type: 'goTo', spot: { block: 'menu', exit: '1' } })
  expect(press('ArrowDown', { block: 'menu', exit: '1' })).toEqual({ type: 'goTo', spot: { block: 'menu', exit: '2' } })
  expect(press('ArrowRight', { block: 'menu', exit: '2' })).toEqual({ type: 'goTo', spot: { block: 'support' } })
  expect(press('ArrowLeft', { block: 'menu', exit: '2' })).toEqual({ type: 'goTo', spot: { block: 'menu' } })
  expect(press('ArrowLeft', { block: 'support' })).toEqual({ type: 'goTo', spot: { block: 'menu' } })
})

it('a block with one way out is left by right at once', () => {
  expect(press('ArrowRight', { block: 'incoming' })).toEqual({ type: 'goTo', spot: { block: 'welcome' } })
})

it('Enter opens the settings of a block and the list of an outcome', () => {
  expect(press('Enter', { block: 'menu' })).toEqual({ type: 'openSettings', block: 'menu' })
  expect(press('Enter', { block: 'menu', exit: '1' })).toEqual({ type: 'openList', block: 'menu', exit: '1' })
})

it('Delete removes a block, and on an outcome only its link', () => {
  expect(press('Delete', { block: 'menu' })).toEqual({ type: 'remove', heal: false })
  expect(press('Delete', { block: 'menu' }, { shift: true })).toEqual({ type: 'remove', heal: true })
  expect(press('Delete', { block: 'menu', exit: '1' })).toEqual({ type: 'disconnect', block: 'menu', exit: '1' })
})

it('Shift with an arrow moves by one step of the grid', () => {
  expect(press('ArrowDown', { block: 'menu' }, { shift: true })).toEqual({ type: 'move', by: { x: 0, y: 8 } })
})

it('keys of the browser and letters are not taken', () => {
  expect(press('ArrowLeft', { block: 'menu' }, { alt: true })).toBeNull()
  expect(press('z', { block: 'menu' }, { command: true })).toBeNull()
  expect(press('d', { block: 'menu' })).toBeNull()
})
