import { expect, it } from 'vitest'
import type { Block } from '#flow/flow.ts'
import { draw } from '#flow/testing/draw.ts'
import { pictureOf } from './picture.ts'

const at = (x: number, y: number, type: string, exits: Block['exits'] = {}): Block => ({
  ...{ type, name: '', settings: {}, exits },
  position: { x, y },
})

it('has a box for each block, in columns and rows, and lines that lead on', () => {
  const flow = draw({
    a: at(500, 40, 'play', { done: 'b' }),
    b: at(500, 900, 'menu', { '1': 'a', '2': 'c', '3': 'c' }),
  })
  flow.blocks.c = at(800, 7, 'hangUp')
  flow.blocks.lost = at(800, 99, 'nothingOfOurs', { done: 'gone' })
  expect(pictureOf(flow)).toEqual({
    width: 230,
    height: 52,
    box: { width: 60, height: 20 },
    boxes: [
      { x: 1, y: 1, category: 'ends' },
      { x: 85, y: 1, category: 'speak' },
      { x: 85, y: 31, category: 'ask' },
      { x: 169, y: 1, category: 'ends' },
      { x: 169, y: 31, category: 'ends' },
    ],
    lines: ['M61 11h12V11H85', 'M115 21V31', 'M145 41h12V11H169'],
  })
})
