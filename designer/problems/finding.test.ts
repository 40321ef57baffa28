import { expect, it } from 'vitest'
import { check } from '#flow/check.ts'
import { edit } from '#flow/edit.ts'
import { kindOf } from '#flow/kinds.ts'
import { frontDesk } from '#flow/sample.ts'
import { nodesOf } from '../canvas/nodes.ts'
import { drawingOf } from '../drawing.ts'
import { faultOf } from '../inspector/context.ts'
import { countBySeverity, findingsOf } from './finding.ts'

const settings = kindOf('menu')?.defaults() ?? {}
const block = { type: 'menu', name: 'New menu', settings, exits: {}, position: { x: 0, y: 900 } }
const flow = edit(frontDesk, {
  type: 'insertBlock',
  id: 'new',
  block,
  after: { block: 'welcome', exit: 'done' },
  through: null,
})
const drawing = drawingOf(flow)
const seen = (fresh: readonly string[]) => findingsOf(check(flow), new Set(fresh))
const nodeOf = (fresh: readonly string[]) =>
  nodesOf({ drawing, problems: seen(fresh), selected: [], trace: null, canEdit: true, renaming: null }, []).find(
    ({ id }) => id === 'new',
  )?.data

it('a block that was just added has things to do and no errors, until it is left', () => {
  expect(nodeOf(['new'])).toMatchObject({
    counts: { todo: 2, errors: 0 },
    spoken: 'Menu, New menu, 3 outcomes, 2 things to do',
    summary: 'What do callers hear?',
  })
  expect(nodeOf([])).toMatchObject({
    counts: { todo: 0, errors: 2 },
    spoken: 'Menu, New menu, 3 outcomes, 2 problems',
    summary: 'No words yet',
  })
})

it('its fields are not marked before it is left, and those of others are', () => {
  const fault = (fresh: readonly string[]) =>
    faultOf(
      { drawing, problems: seen(fresh), id: 'new', block, onChange: () => {}, reloadNames: () => {} },
      { field: 'prompt' },
    )
  expect(fault(['new'])).toBeUndefined()
  expect(fault([])).toContain('“What callers hear” is still empty')
  expect(countBySeverity(seen(['new', 'menu']))).toMatchObject({ errors: 0 })
})
