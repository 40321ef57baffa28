import { expect, it } from 'vitest'
import { draw, hangUp, say } from '#flow/testing/draw.ts'
import { viewedOf } from '../views.ts'
import { choicesOf } from './portChoices.ts'

const named = (name: string) => ({ ...say('Words.'), name })
const flow = draw({ a: named('Alpha'), b: named('Beta'), end: { ...hangUp(), name: 'Gamma' } })

it('a port offers the other blocks by their names, the block itself last, and none that nothing may lead to', () => {
  const offered = (block: string) =>
    choicesOf({ purpose: 'link', block, exit: 'done', at: { x: 0, y: 0 } }, viewedOf(flow)).groups[0]?.choices
  expect(offered('a')?.map(({ label }) => label)).toEqual(['Beta', 'Gamma', 'Alpha'])
  expect(offered('b')?.map(({ id }) => id)).toEqual(['to:a', 'to:end', 'to:b'])
})
