import { describe, expect, it } from 'vitest'
import { surroundingsOf } from './compile.ts'
import type { Block, Flow } from './flow.ts'
import { adele, assign, block, draw, hangUp, say, transfer } from './testing/draw.ts'
import { viewBlocks } from './view.ts'

const bye = hangUp()
const loop = (blocks: Record<string, Block>) => draw({ ...blocks, bye })

describe('how a block looks from outside', () => {
  const viewBlock = (flow: Flow, id: string) =>
    viewBlocks(flow, surroundingsOf(flow)).get(id) ?? expect.fail(`no ${id}`)

  it('shows its exits, and the error exit only where it is used', () => {
    const flow = loop({ a: say('Hello.', { done: 'bye' }), b: say('Hello.', { done: 'bye', error: 'bye' }) })
    expect(viewBlock(flow, 'a').exits.map(({ name }) => name)).toEqual(['done'])
    expect(viewBlock(flow, 'b').exits.map(({ name }) => name)).toEqual(['done', 'error'])
    expect(viewBlock(flow, 'a').summary).toBe('“Hello.”')
  })

  it('keeps the exits of a menu that is half filled in', () => {
    const half = block('menu', {
      prompt: '',
      options: [
        { key: '1', label: 'Sales' },
        { key: '', label: 'Support' },
      ],
    })
    const view = viewBlock(loop({ a: half }), 'a')
    expect(view.exits.map(({ name }) => name)).toEqual(['1', 'noInput', 'noMatch'])
    expect([view.opened, view.issues.map(({ field }) => field)]).toEqual([null, ['prompt', 'options.1.key']])
  })

  it('shows the exits that are linked of a block that this version does not know', () => {
    const view = viewBlock(loop({ a: block('fromTheFuture', {}, { sent: 'bye', failed: 'bye' }) }), 'a')
    expect([view.kind, view.exits]).toEqual([undefined, [{ name: 'sent' }, { name: 'failed' }]])
  })

  it('shows whom a call is given to', () => {
    expect(viewBlock(loop({ a: transfer() }), 'a').summary).toBe(adele.name)
  })

  it('has nothing against an expression that nobody reads, and all against other settings', () => {
    const flow = draw(
      { a: assign({ count: 'count +' }, { done: 'bye' }), b: say('', { done: 'bye' }), bye },
      { variables: { count: { type: 'number' } } },
    )
    expect(viewBlock(flow, 'a').issues).toMatchObject([{ code: 'expression' }])
    const unread = viewBlocks(flow)
    expect(unread.get('a')).toMatchObject({ issues: [], opened: { reads: [] }, summary: viewBlock(flow, 'a').summary })
    expect(unread.get('b')?.issues).toHaveLength(1)
  })
})
