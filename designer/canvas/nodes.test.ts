import { expect, it } from 'vitest'
import { check } from '#flow/check.ts'
import { edit } from '#flow/edit.ts'
import type { Flow } from '#flow/flow.ts'
import { frontDesk } from '#flow/sample.ts'
import { drawingOf } from '../drawing.ts'
import { type BlockNodeType, edgesOf, nodesOf, type Shown } from './nodes.ts'

const shown = (flow: Flow, more: Partial<Shown> = {}): Shown => ({
  drawing: drawingOf(flow),
  problems: check(flow),
  selected: [],
  trace: null,
  canEdit: true,
  renaming: null,
  ...more,
})
const by = (nodes: readonly BlockNodeType[]) => new Map(nodes.map((node) => [node.id, node]))

it('a block and its outcomes have spoken names and never ids', () => {
  const menu = by(nodesOf(shown(frontDesk), [])).get('menu')
  expect(menu?.data.spoken).toBe('Menu, Main menu, 5 outcomes')
  expect(menu?.data.ports.map(({ spoken }) => spoken)).toEqual([
    'Main menu, key 1, to Sales',
    'Main menu, key 2, to Support hours',
    'Main menu, key 3, to Directions',
    'Main menu, Nothing pressed, to Goodbye',
    'Main menu, Wrong key, to Goodbye',
  ])
})

it('after a change only the blocks that it concerns are new nodes', () => {
  const before = nodesOf(shown(frontDesk), [])
  const moved = edit(frontDesk, { type: 'moveBlocks', positions: { sales: { x: 640, y: -40 } } })
  const after = nodesOf(shown(moved), before)
  expect(after.filter((node, n) => node !== before[n]).map(({ id }) => id)).toEqual(['sales'])
})

it('a block says where its ways lead also when only the name of what is there has changed', () => {
  const before = nodesOf(shown(frontDesk), [])
  const renamed = edit(frontDesk, { type: 'renameBlock', id: 'sales', name: 'Sales team' })
  const menu = by(nodesOf(shown(renamed), before)).get('menu')
  expect(menu?.data.ports[0]?.spoken).toBe('Main menu, key 1, to Sales team')
})

it('blocks stand in the order of a call, whatever the order of their ids', () => {
  const blocks = Object.fromEntries(Object.entries(frontDesk.blocks).reverse())
  const ids = nodesOf(shown({ ...frontDesk, blocks }), []).map(({ id }) => id)
  expect(ids).toEqual(['incoming', 'welcome', 'menu', 'sales', 'nobody', 'goodbye', 'support', 'directions'])
})

it('what React Flow knows of a node stays when the node is made anew', () => {
  const before = nodesOf(shown(frontDesk), []).map((node) => ({ ...node, dragging: false }))
  const renamed = edit(frontDesk, { type: 'renameBlock', id: 'sales', name: 'Sales team' })
  const sales = by(nodesOf(shown(renamed), before)).get('sales')
  expect(sales).toMatchObject({ dragging: false, measured: { width: 240, height: 125 } })
  expect(sales?.data.name).toBe('Sales team')
})

it('an outcome that must be linked and is not says so, and the block counts its problems', () => {
  const flow = edit(frontDesk, { type: 'disconnect', block: 'menu', exit: '3' })
  const menu = by(nodesOf(shown(flow), [])).get('menu')
  expect(menu?.data.counts).toEqual({ errors: 1, warnings: 0, todo: 0 })
  expect(menu?.data.ports[2]).toMatchObject({ state: 'open', spoken: 'Main menu, key 3, leads nowhere' })
})

it('silence and a wrong key lead to the failure path where nobody led them elsewhere', () => {
  const flow = edit(frontDesk, { type: 'disconnect', block: 'menu', exit: 'noMatch' })
  const last = (shownFlow: Flow) => by(nodesOf(shown(shownFlow), [])).get('menu')?.data
  expect(last(flow)?.counts).toEqual({ errors: 0, warnings: 0, todo: 0 })
  expect(last(flow)?.ports.at(-1)).toMatchObject({ state: 'free', spoken: 'Main menu, Wrong key, to the apology' })
  const handled = last({ ...flow, onError: 'goodbye' })
  expect(handled?.ports.at(-1)).toMatchObject({ state: 'free', unlinked: 'Goodbye' })
  const silent = last({ ...flow, apology: '' })
  expect(silent?.ports.at(-1)).toMatchObject({ state: 'open', spoken: 'Main menu, Wrong key, leads nowhere' })
  expect(silent?.counts.errors).toBe(1)
})

it('an optional outcome is free, not open', () => {
  const settings = { prompts: ['Welcome.'], bargeIn: 'anyKey' }
  const flow = edit(frontDesk, { type: 'changeSettings', id: 'welcome', settings })
  const welcome = by(nodesOf(shown(flow), [])).get('welcome')
  expect(welcome?.data.ports.at(-1)?.state).toBe('free')
})

it('a block of an unknown kind is kept and can be told apart', () => {
  const alien = { type: 'sentiment', name: 'Mood', settings: {}, exits: {}, position: { x: 0, y: 900 } }
  const flow = edit(frontDesk, { type: 'addBlock', id: 'alien', block: alien })
  const node = by(nodesOf(shown(flow), [])).get('alien')
  expect(node?.data).toMatchObject({ category: null, summary: 'Kept as it is, cannot run' })
})

it('the way of a call lights its links and the outcomes taken', () => {
  const trace = { visits: [{ block: 'incoming', number: 1, times: 1, exit: 'next', state: 'visited' as const }] }
  const nodes = by(nodesOf(shown(frontDesk, { trace }), []))
  expect(nodes.get('incoming')?.data.ports[0]?.taken).toBe(true)
  const edges = edgesOf(drawingOf(frontDesk).links, trace, { peek: null, open: null }, [])
  expect(edges.filter(({ data }) => data?.look === 'path').map(({ id }) => id)).toEqual(['incoming.next'])
})

it('a link that words stand for is drawn while it is looked at', () => {
  const { links } = drawingOf(frontDesk)
  const has = (peek: string | null) =>
    edgesOf(links, null, { peek, open: null }, []).some(({ id }) => id === 'directions.done')
  expect([has(null), has('directions.done')]).toEqual([false, true])
})

it('a condition without a name is called so, not by its id', () => {
  const when = { kind: 'compare', variable: 'caller.phone', operator: 'equals', value: '1' }
  const settings = { conditions: [{ id: '3f9a', label: '', when }] }
  const block = { type: 'branch', name: 'Who', settings, exits: {}, position: { x: 0, y: 900 } }
  const flow = edit(frontDesk, { type: 'addBlock', id: 'who', block })
  expect(by(nodesOf(shown(flow), [])).get('who')?.data.ports[0]).toMatchObject({
    label: 'No name yet',
    spoken: 'Who, No name yet, leads nowhere',
  })
})
