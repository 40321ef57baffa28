import { expect, it } from 'vitest'
import { centred, firstViewport, fitted, revealed } from './viewport.ts'

const size = { width: 840, height: 740 }
const start = { x: 0, y: 0, width: 240, height: 84 }
const onScreen = ({ x, y, zoom }: { x: number; y: number; zoom: number }, box: typeof start) => ({
  left: box.x * zoom + x,
  top: box.y * zoom + y,
  right: (box.x + box.width) * zoom + x,
  bottom: (box.y + box.height) * zoom + y,
})

it('a small flow is shown at 100 % in the middle', () => {
  expect(firstViewport({ x: 0, y: 0, width: 240, height: 84 }, size, start)).toEqual({ zoom: 1, x: 300, y: 328 })
})

it('a large flow is never shown so small that its ports cannot be hit, and its start is in view', () => {
  const far = { x: 2800, y: 1400, width: 240, height: 84 }
  for (const keep of [start, far]) {
    const view = firstViewport({ x: 0, y: 0, width: 3040, height: 1484 }, size, keep)
    expect(view.zoom).toBe(0.75)
    const seen = onScreen(view, keep)
    expect(seen.left).toBeGreaterThanOrEqual(0)
    expect(seen.right).toBeLessThanOrEqual(size.width)
    expect(seen.bottom).toBeLessThanOrEqual(size.height)
  }
})

it('“show every block” shows every block', () => {
  const all = { x: -500, y: -300, width: 4000, height: 2000 }
  const seen = onScreen(fitted(all, size, undefined, 0.1), all)
  expect(seen.left).toBeGreaterThanOrEqual(0)
  expect(seen.right).toBeLessThanOrEqual(size.width)
  expect(seen.top).toBeGreaterThanOrEqual(0)
  expect(seen.bottom).toBeLessThanOrEqual(size.height)
})

it('a block that is in view does not move the view', () => {
  expect(revealed({ x: 100, y: 100, zoom: 1 }, size, start)).toBeNull()
})

it('a block out of view is brought in by the least move', () => {
  const view = revealed({ x: 0, y: 100, zoom: 1 }, size, { x: 800, y: 0, width: 240, height: 84 })
  expect(view).toEqual({ zoom: 1, x: -224, y: 100 })
})

it('a block that is looked for comes to the middle, large enough to work on', () => {
  expect(centred({ x: 0, y: 0, zoom: 0.2 }, size, start)).toEqual({ zoom: 0.75, x: 330, y: 338.5 })
})
