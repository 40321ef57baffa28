import { useRef } from 'react'
import type { Flow } from '#flow/flow.ts'
import { type Drawing, drawingOf } from './drawing.ts'
import type { Rules } from './useRules.ts'

/** The drawing of a flow that changes; of each change only what it concerns is made anew. */
export function useDrawing(flow: Flow, rules: Rules | null = null): Drawing {
  const memory = useRef<Drawing | null>(null)
  memory.current = drawingOf(flow, memory.current, rules)
  return memory.current
}
