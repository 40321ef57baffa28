import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Change } from '#flow/edit.ts'
import { writeFlow } from '#flow/flow.ts'
import { frontDesk } from '#flow/sample.ts'
import { change, draftOf, gestureMs, redo, replaced, undo } from './draft.ts'

const rename = (name: string): Change => ({ type: 'renameBlock', id: 'menu', name })
const nameOf = (draft: ReturnType<typeof draftOf>) => draft.flow.blocks.menu?.name

it('a burst of typing in one field is one undo step', () => {
  let draft = draftOf(frontDesk)
  for (const [n, name] of ['M', 'Me', 'Men', 'Menu'].entries())
    draft = change(draft, [rename(name)], n * 200, 'name menu')
  expect(draft.past).toHaveLength(1)
  expect(nameOf(undo(draft))).toBe('Main menu')
})

it('typing again after a rest, or in another field, is another step', () => {
  let draft = change(draftOf(frontDesk), [rename('A')], 0, 'name menu')
  draft = change(draft, [rename('B')], gestureMs + 1, 'name menu')
  draft = change(draft, [{ type: 'renameBlock', id: 'sales', name: 'C' }], gestureMs + 2, 'name sales')
  expect(draft.past).toHaveLength(3)
})

it('changes without a gesture are always steps of their own, however fast they come', () => {
  let draft = draftOf(frontDesk)
  for (const x of [8, 16]) draft = change(draft, [{ type: 'moveBlocks', positions: { menu: { x, y: 0 } } }], 0)
  expect(draft.past).toHaveLength(2)
})

it('several changes made together are undone together', () => {
  const variable = { type: 'digits' as const }
  const draft = change(draftOf(frontDesk), [{ type: 'setVariable', name: 'number', variable }, rename('Ask')], 0)
  expect(undo(draft).flow).toBe(frontDesk)
})

it('a flow that takes the place of the drawn one is one step, and typing after it another', () => {
  const typed = change(draftOf(frontDesk), [rename('A')], 0, 'name menu')
  const file = { ...frontDesk, apology: 'From a file.' }
  const after = change(replaced(typed, file), [rename('B')], 10, 'name menu')
  expect(undo(after).flow).toBe(file)
  expect(undo(undo(after)).flow).toBe(typed.flow)
})

it('typing goes on as a new step after an undo', () => {
  const typed = change(draftOf(frontDesk), [rename('A')], 0, 'name menu')
  const again = change(undo(typed), [rename('B')], 10, 'name menu')
  expect(nameOf(undo(again))).toBe('Main menu')
})

it('what was undone is done again, until something else is changed', () => {
  const undone = undo(change(draftOf(frontDesk), [rename('A')], 0))
  expect(nameOf(redo(undone))).toBe('A')
  expect(redo(change(undone, [rename('B')], 1)).flow.blocks.menu?.name).toBe('B')
})

it('with nothing to undo or redo the draft stays the same', () => {
  const draft = draftOf(frontDesk)
  expect(undo(draft)).toBe(draft)
  expect(redo(draft)).toBe(draft)
})

it('any hundred edits undone give the very same file, and done again the same as before', () => {
  const ids = Object.keys(frontDesk.blocks)
  const id = fc.constantFrom(...ids)
  const edits: fc.Arbitrary<Change> = fc.oneof(
    fc.record({ type: fc.constant('renameBlock' as const), id, name: fc.string({ maxLength: 20 }) }),
    fc.record({ type: fc.constant('connect' as const), block: id, exit: fc.constantFrom('done', '1'), to: id }),
    fc.record({ type: fc.constant('disconnect' as const), block: id, exit: fc.constantFrom('done', '1') }),
    fc.record({ type: fc.constant('noteBlock' as const), id, note: fc.string({ maxLength: 20 }) }),
    fc.integer({ min: -500, max: 500 }).map((x): Change => ({ type: 'moveBlocks', positions: { menu: { x, y: x } } })),
  )
  fc.assert(
    fc.property(fc.array(edits, { minLength: 100, maxLength: 100 }), (changes) => {
      const before = draftOf(frontDesk)
      const edited = changes.reduce((draft, one, n) => change(draft, [one], n), before)
      const undone = changes.reduce(undo, edited)
      expect(writeFlow(undone.flow)).toBe(writeFlow(frontDesk))
      expect(writeFlow(changes.reduce(redo, undone).flow)).toBe(writeFlow(edited.flow))
    }),
    { numRuns: 20 },
  )
})
