import { expect, it } from 'vitest'
import { check } from '../check.ts'
import { rehearse } from '../rehearse.ts'
import { block, draw, hangUp, say } from '../testing/draw.ts'

const queue = { id: '5b0b8f3e-52f5-4a0b-8a8e-3b8c7d6e5f40', name: 'Support' }
const flow = (exits: Record<string, string>) =>
  draw({
    give: block('transferToQueue', { queue, announcement: '' }, exits),
    back: say('Nobody there.', { done: 'bye' }),
    refused: say('Not allowed.', { done: 'bye' }),
    bye: hangUp(),
  })

it('gives the call to the resource account of the queue', () => {
  expect(rehearse(flow({ failed: 'back' })).transferredTo).toEqual({ kind: 'queue', ...queue })
})

it('tells a queue that the app may not give calls to (403/7505) from one that nobody answers', () => {
  const call = () => rehearse(flow({ failed: 'back', notPermitted: 'refused' }))
  expect(call().commandFails('transfer', '403/7505').hears).toEqual(['Not allowed.'])
  expect(call().commandFails('transfer', '403/7504').hears).toEqual(['Nobody there.'])
  expect(call().transferFails().hears).toEqual(['Nobody there.'])
})

it('goes on as if nobody had answered where that way is not drawn', () => {
  const call = rehearse(flow({ failed: 'back' })).commandFails('transfer', '403/7505')
  expect(call.hears).toEqual(['Nobody there.'])
  expect(check(flow({ failed: 'back' })).filter(({ severity }) => severity === 'error')).toEqual([])
})

it.each([
  ['nobody', { queue: { id: '', name: '' } }],
  ['an address', { queue: { id: 'support@contoso.com', name: 'Support' } }],
])('cannot give a call to %s', (_, settings) => {
  expect(check(draw({ give: block('transferToQueue', settings) }))).toContainEqual(
    expect.objectContaining({ code: 'setting', block: 'give', field: expect.stringMatching(/^queue/) }),
  )
})
