import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { edit } from '#flow/edit.ts'
import { type Flow, readFlow, writeFlow } from '#flow/flow.ts'
import { flowLimits } from '#flow/flowLimits.ts'
import { emptyFlow, frontDesk } from '#flow/sample.ts'
import { nothingShared } from '#flow/shared.ts'
import { block } from '#flow/testing/draw.ts'
import { rulesWith } from '../rules.ts'
import { viewedOf } from '../views.ts'
import { copyText, pasted, readCopied } from './copied.ts'
import { boxesOf, overlaps } from './geometry.ts'

const rules = rulesWith({ shared: nothingShared, names: { secret: {}, value: {} } })

const desk = viewedOf(frontDesk)

/** Copies out of one flow and pastes into another, as two tabs would by the clipboard's text. */
function carried(ids: readonly string[], into: Flow, at = { x: 0, y: 0 }, from: Flow = frontDesk) {
  const copied = readCopied(copyText(viewedOf(from, null, rules), ids) ?? '')
  if (typeof copied === 'string') throw new Error(copied)
  const done = pasted(viewedOf(into), copied, at)
  if (done === 'tooMany') throw new Error(done)
  return { flow: done.changes.reduce(edit, into), ids: done.ids }
}

it('copied blocks get new ids, keep the links among themselves and drop those to others', () => {
  const into = emptyFlow('Other')
  const { flow, ids } = carried(['menu', 'directions'], into)
  const [menu = '', directions = ''] = ids
  expect(Object.keys(flow.blocks)).toEqual([into.start, menu, directions])
  expect(ids).not.toContain('menu')
  expect(flow.blocks[menu]).toMatchObject({
    name: 'Main menu',
    settings: frontDesk.blocks.menu?.settings,
    exits: { '3': directions },
  })
  expect(flow.blocks[directions]?.exits).toEqual({ done: menu })
})

describe('blocks that settings name', () => {
  const keys = (blocks: string[]) =>
    block('keysAnywhere', { options: [{ key: '0', label: '' }], where: 'only', blocks }, { '0': 'menu' })
  const withKeys = (blocks: string[]) => edit(frontDesk, { type: 'addBlock', id: 'keys', block: keys(blocks) })

  it('are those pasted with them, and nobody else', () => {
    const from = withKeys(['menu', 'directions'])
    const { flow, ids } = carried(['menu', 'keys'], frontDesk, undefined, from)
    const [menu = '', anywhere = ''] = ids
    expect(flow.blocks[anywhere]).toMatchObject({ settings: { where: 'only', blocks: [menu] }, exits: { '0': menu } })
    expect(from.blocks.keys?.settings.blocks).toEqual(['menu', 'directions'])
  })

  it('lie within the pasted ones, whatever is copied and wherever it goes', () => {
    const all = Object.keys(frontDesk.blocks).filter((id) => id !== frontDesk.start)
    fc.assert(
      fc.property(fc.subarray(all), fc.subarray(all), fc.boolean(), (named, copied, isSame) => {
        const from = withKeys(named)
        const { flow, ids } = carried([...copied, 'keys'], isSame ? from : frontDesk, undefined, from)
        const pastedKeys = flow.blocks[ids.at(-1) ?? '']
        const expected = named.flatMap((id) => (copied.includes(id) ? [ids[copied.indexOf(id)]] : []))
        expect([pastedKeys?.type, pastedKeys?.settings.blocks]).toEqual(['keysAnywhere', expected])
      }),
      { numRuns: 100 },
    )
  })
})

it('they stand to each other as they did, near the pointer and clear of what is there', () => {
  const { flow, ids } = carried(['menu', 'directions'], frontDesk, { x: 4, y: 150 })
  const [menu, directions] = ids.map((id) => flow.blocks[id]?.position ?? { x: 0, y: 0 })
  const [before, after] = [frontDesk.blocks.menu?.position, frontDesk.blocks.directions?.position]
  expect((directions?.x ?? 0) - (menu?.x ?? 0)).toBe((after?.x ?? 0) - (before?.x ?? 0))
  expect((directions?.y ?? 0) - (menu?.y ?? 0)).toBe((after?.y ?? 0) - (before?.y ?? 0))
  expect(menu?.x).toBe(8)
  const boxes = [...boxesOf(viewedOf(flow)).values()]
  expect(boxes.filter((box, n) => boxes.some((other, m) => m !== n && overlaps(box, other)))).toEqual([])
})

it('a name that is taken gets a number', () => {
  const once = carried(['menu'], frontDesk)
  const twice = carried([once.ids[0] ?? ''], once.flow, { x: 0, y: 0 }, once.flow)
  expect(twice.ids.map((id) => twice.flow.blocks[id]?.name)).toEqual(['Main menu 3'])
  expect(once.ids.map((id) => once.flow.blocks[id]?.name)).toEqual(['Main menu 2'])
})

it('variables come along that the blocks use, and those of the flow stay as they are', () => {
  const from = edit(edit(frontDesk, { type: 'setVariable', name: 'pin', variable: { type: 'digits' } }), {
    type: 'setVariable',
    name: 'other',
    variable: { type: 'text' },
  })
  const asks = {
    ...from,
    blocks: {
      ...from.blocks,
      ask: {
        type: 'setVariable',
        name: 'Set',
        settings: { assignments: [{ variable: 'pin', value: '"1"' }] },
        exits: {},
        position: { x: 0, y: 900 },
      },
    },
  }
  expect(carried(['ask'], emptyFlow('Other'), undefined, asks).flow.variables).toEqual({ pin: { type: 'digits' } })
  const secret = edit(emptyFlow('Other'), { type: 'setVariable', name: 'pin', variable: { type: 'secret' } })
  expect(carried(['ask'], secret, undefined, asks).flow.variables).toEqual({ pin: { type: 'secret' } })
})

it('a block that this version does not know goes along as it is', () => {
  const blocks = {
    ...frontDesk.blocks,
    odd: { type: 'fromTheFuture', name: 'Odd', settings: { a: [1] }, exits: {}, position: { x: 0, y: 2000 } },
  }
  const { flow, ids } = carried(['odd'], emptyFlow('Other'), undefined, { ...frontDesk, blocks })
  expect(flow.blocks[ids[0] ?? '']).toMatchObject({ type: 'fromTheFuture', settings: { a: [1] } })
})

it('the incoming call is not copied: a call is answered only once', () => {
  expect(copyText(desk, [frontDesk.start])).toBeNull()
  expect(Object.keys(JSON.parse(copyText(desk, [frontDesk.start, 'menu']) ?? '').blocks)).toEqual(['menu'])
  const asCopied = (copyText(desk, ['menu']) ?? '').replace('"type": "menu"', '"type": "incomingCall"')
  expect(readCopied(asCopied)).toBe('empty')
})

it('the clipboard is readable, and says what it is and of which version', () => {
  const text = copyText(desk, ['welcome']) ?? ''
  expect(text).toContain('\n  "kind": "call-flow-blocks",\n  "schemaVersion": 1,\n')
  expect(text).toContain('Welcome to Contoso.')
})

const copied = copyText(desk, ['menu']) ?? ''
it.each([
  ['nothing', '  \n', 'empty'],
  ['a sentence', 'For sales, press 1.', 'noBlocks'],
  ['a number', '42', 'foreign'],
  ['null', 'null', 'foreign'],
  ['JSON of another program', '{"nodes":[],"edges":[]}', 'foreign'],
  ['a list', '[{"kind":"call-flow-blocks"}]', 'foreign'],
  ['a whole exported flow', writeFlow(frontDesk), 'wholeFlow'],
  ['blocks of a later version', copied.replace('"schemaVersion": 1', '"schemaVersion": 2'), 'later'],
  ['blocks without a version', copied.replace('"schemaVersion": 1,', ''), 'damaged'],
  ['cut off', copied.slice(0, 300), 'noBlocks'],
  ['no blocks in it', JSON.stringify({ kind: 'call-flow-blocks', schemaVersion: 1, blocks: {} }), 'empty'],
  ['blocks that are none', JSON.stringify({ kind: 'call-flow-blocks', schemaVersion: 1, blocks: { a: 1 } }), 'damaged'],
  ['ids that would be found everywhere', copied.replaceAll('"menu":', '"__proto__":'), 'empty'],
  [
    'nested without end',
    copied.replace('"prompt":', `"deep": ${'['.repeat(60)}${']'.repeat(60)}, "prompt":`),
    'damaged',
  ],
  [
    'a block with more in it than any has',
    copied.replace('"prompt":', `"more": [${'0,'.repeat(3_000)}0], "prompt":`),
    'tooLarge',
  ],
  ['too large', `"${'x'.repeat(flowLimits.bytes)}"`, 'tooLarge'],
])('%s is not pasted, and it is known why', (_, text, fault) => expect(readCopied(text)).toBe(fault))

it('no more blocks are pasted than a flow can have', () => {
  const many = Object.fromEntries(
    Array.from({ length: flowLimits.blocks - 1 }, (_, n) => [`b${n}`, frontDesk.blocks.goodbye]),
  )
  const full = { ...emptyFlow('Full'), blocks: { ...emptyFlow('Full').blocks, ...many } } as Flow
  const blocks = readCopied(copied)
  if (typeof blocks === 'string') throw new Error(blocks)
  expect(pasted(viewedOf(full), blocks, { x: 0, y: 0 })).toBe('tooMany')
})

it('blocks of which another program says that they stand worlds apart stand somewhere', () => {
  const far = { ...frontDesk, blocks: { ...frontDesk.blocks } }
  for (const [id, x] of [
    ['menu', 1.7e308],
    ['directions', -1.7e308],
  ] as const) {
    const block = frontDesk.blocks[id]
    if (block) far.blocks[id] = { ...block, position: { x, y: x } }
  }
  const { flow, ids } = carried(['menu', 'directions'], emptyFlow('Other'), { x: 0, y: 0 }, far)
  const saved = JSON.parse(writeFlow(flow))
  expect(ids.map((id) => [typeof saved.blocks[id].position.x, typeof saved.blocks[id].position.y])).toEqual(
    ids.map(() => ['number', 'number']),
  )
})

it('nor more variables: a draft with more could not be saved', () => {
  const variables = (count: number, name: string): Flow['variables'] =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [`${name}${n}`, { type: 'text' }]))
  const full = { ...emptyFlow('Full'), variables: variables(flowLimits.variables - 1, 'v') }
  const blocks = { menu: frontDesk.blocks.menu } as Flow['blocks']
  const paste = (more: Flow['variables']) => pasted(viewedOf(full), { blocks, variables: more }, { x: 0, y: 0 })
  expect(paste(variables(2, 'w'))).toBe('tooMany')
  expect(paste({ ...variables(1, 'w'), ...variables(9, 'v') })).toMatchObject({ ids: [expect.any(String)] })
})

it('what stands farther off than any number can say is brought near, so that the draft can be saved', () => {
  const away = (x: number, y: number) => ({ ...frontDesk.blocks.goodbye, position: { x, y } })
  const blocks = { near: away(-1e308, -1e308), far: away(1e308, 1e308) }
  const read = readCopied(JSON.stringify({ kind: 'call-flow-blocks', schemaVersion: 1, blocks }))
  if (typeof read === 'string') throw new Error(read)
  const done = pasted(desk, read, { x: 0, y: 0 })
  if (done === 'tooMany') throw new Error(done)
  const flow = done.changes.reduce(edit, frontDesk)
  expect(readFlow(JSON.parse(writeFlow(flow)))).toEqual(flow)
})
