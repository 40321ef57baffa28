import type { KeyboardEvent } from 'react'
import type { SurfaceProps } from './canvasProps.ts'
import type { Edits } from './edits.ts'
import { actionOf, type KeyAction, type Spot } from './keys.ts'
import type { ExitRef } from './newBlock.ts'

type Hands = {
  edits: Edits
  /** Where the focus is. */
  spotAt(target: EventTarget): Spot
  focusOn(spot: Spot): void
  showAll(): void
  openList(from: ExitRef): void
  rename(block: string): void
}

/** Does what a key means: `actionOf` says what that is. */
export function useKeys(props: SurfaceProps, hands: Hands) {
  return (event: KeyboardEvent<HTMLDivElement>) => {
    const spot = hands.spotAt(event.target)
    const { key, code, shiftKey: shift, altKey: alt } = event
    const action = actionOf({ key, code, shift, alt, command: event.ctrlKey || event.metaKey }, spot, props.drawing)
    if (!action) return
    event.preventDefault()
    if (!look(action, props, hands) && props.mode === 'edit') change(action, spot, hands)
  }
}

/** What may be done while nothing can be changed, too. False: it was none of this. */
function look(action: KeyAction, { drawing, selected, onSelect, onOpen }: SurfaceProps, hands: Hands): boolean {
  switch (action.type) {
    case 'goTo':
      onSelect([action.spot.block])
      hands.focusOn(action.spot)
      return true
    case 'openSettings':
      onSelect([action.block])
      onOpen?.(action.block)
      return true
    case 'toggle': {
      const others = selected.filter((id) => id !== action.block)
      onSelect(others.length < selected.length ? others : [...selected, action.block])
      return true
    }
    case 'selectAll':
      onSelect(Object.keys(drawing.flow.blocks))
      return true
    case 'clear':
      onSelect([])
      return true
    case 'fit':
      hands.showAll()
      return true
    default:
      return false
  }
}

function change(action: KeyAction, { block }: Spot, { edits, openList, rename }: Hands) {
  switch (action.type) {
    case 'openList':
      return openList(action)
    case 'disconnect':
      return edits.disconnect(action)
    case 'rename':
      return rename(action.block)
    case 'remove':
      return edits.remove(block, action.heal)
    case 'move':
      return edits.moveBy(block, action.by)
  }
}
