import type { Drawing } from '../drawing.ts'
import { measures, type Point, sideOf } from './geometry.ts'
import { comesBefore } from './order.ts'

/** Where the keyboard's focus is: on a block, or on one of its ports. */
export type Spot = { block: string; exit?: string }

export type Key = { key: string; code: string; shift: boolean; command: boolean; alt: boolean }

export type KeyAction =
  | { type: 'goTo'; spot: Spot }
  | { type: 'openSettings'; block: string }
  | { type: 'openList'; block: string; exit: string }
  | { type: 'toggle'; block: string }
  | { type: 'selectAll' }
  | { type: 'clear' }
  | { type: 'move'; by: Point }
  | { type: 'remove'; heal: boolean }
  | { type: 'disconnect'; block: string; exit: string }
  | { type: 'rename'; block: string }
  | { type: 'fit' }

const directions: Readonly<Record<string, Point>> = {
  ArrowUp: { x: 0, y: -measures.grid },
  ArrowDown: { x: 0, y: measures.grid },
  ArrowLeft: { x: -measures.grid, y: 0 },
  ArrowRight: { x: measures.grid, y: 0 },
}

/**
 * What a key means on the canvas. Up and down follow the order of the call; right goes out to the outcomes of a block
 * and on to where they lead, left comes back. Shift with an arrow moves what is selected. Null: the key is not ours.
 */
export function actionOf(pressed: Key, spot: Spot, { flow, views, order }: Drawing): KeyAction | null {
  const { key, code, shift, command, alt } = pressed
  const { block, exit } = spot
  if (shift && code === 'Digit1' && !command) return { type: 'fit' }
  if (command && key.toLowerCase() === 'a') return { type: 'selectAll' }
  if (command || alt) return null
  const by = directions[key]
  if (by && shift) return { type: 'move', by }
  switch (key) {
    case 'ArrowDown':
    case 'ArrowUp': {
      const step = key === 'ArrowDown' ? 1 : -1
      if (exit !== undefined) return goToExit(views, block, exit, step)
      const next = order[order.indexOf(block) + step]
      return next === undefined ? null : { type: 'goTo', spot: { block: next } }
    }
    case 'ArrowRight': {
      const exits = views.get(block)?.exits ?? []
      const [first] = exits
      if (exit === undefined && first && sideOf(exits) === 'row') return goTo({ block, exit: first.name })
      const to = flow.blocks[block]?.exits[exit ?? first?.name ?? '']
      if (to !== undefined && flow.blocks[to]) return goTo({ block: to })
      return exit === undefined && first ? goTo({ block, exit: first.name }) : null
    }
    case 'ArrowLeft': {
      if (exit !== undefined) return goTo({ block })
      const before = comesBefore(flow, order, block)
      return before === undefined ? null : goTo({ block: before })
    }
    case 'Home':
    case 'End': {
      const end = order.at(key === 'Home' ? 0 : -1)
      return end === undefined ? null : goTo({ block: end })
    }
    case 'Enter':
      return exit === undefined ? { type: 'openSettings', block } : { type: 'openList', block, exit }
    case ' ':
      return exit === undefined ? { type: 'toggle', block } : { type: 'openList', block, exit }
    case 'Delete':
    case 'Backspace':
      return exit === undefined ? { type: 'remove', heal: shift } : { type: 'disconnect', block, exit }
    case 'F2':
      return { type: 'rename', block }
    case 'Escape':
      return exit === undefined ? { type: 'clear' } : goTo({ block })
    default:
      return null
  }
}

const goTo = (spot: Spot): KeyAction => ({ type: 'goTo', spot })

function goToExit(views: Drawing['views'], block: string, exit: string, step: number): KeyAction | null {
  const exits = views.get(block)?.exits ?? []
  const next = exits[exits.findIndex(({ name }) => name === exit) + step]
  return next ? goTo({ block, exit: next.name }) : null
}
