import { type Change, edit } from '#flow/edit.ts'
import { kindOf } from '#flow/kinds.ts'
import { silencesOf } from '#flow/silence.ts'
import { addAfter } from '../canvas/newBlock.ts'
import { designerMessages } from '../messages/designer.ts'
import { type Viewed, viewedOf } from '../views.ts'
import type { Finding } from './finding.ts'

/** What mends a problem by one press, as one step that can be undone. */
export type Fix = { label: string; changes: Change[] }

const words = designerMessages.problems.fixes

/** The fix of a problem, where there is one that its author need not decide about; it is offered only if the problem is gone behind it. */
export function fixOf(viewed: Viewed, { code, block }: Finding): Fix | null {
  if (code !== 'silence' || block === null) return null
  const fixes = [fillerOf(viewed, block), sayingBefore(viewed, block)].filter((fix) => fix !== null)
  return fixes.find(({ changes }) => !isSilent(viewed, changes, block)) ?? null
}

function isSilent(viewed: Viewed, changes: readonly Change[], block: string): boolean {
  const flow = changes.reduce(edit, viewed.flow)
  return silencesOf(flow, viewedOf(flow, viewed, viewed.rules).views).has(block)
}

/** The message that new requests begin with. */
const filler = () => String(kindOf('httpRequest')?.defaults().filler ?? '')

function fillerOf({ flow }: Viewed, id: string): Fix | null {
  const block = flow.blocks[id]
  if (block?.type !== 'httpRequest') return null
  const settings = { ...block.settings, filler: filler() }
  return { label: words.filler, changes: [{ type: 'changeSettings', id, settings }] }
}

/** A message on every way to the block. */
function sayingBefore(viewed: Viewed, id: string): Fix | null {
  const play = kindOf('play')
  const [first, ...others] = Object.entries(viewed.flow.blocks).flatMap(([block, { exits }]) =>
    Object.entries(exits).flatMap(([exit, to]) => (to === id ? [{ block, exit }] : [])),
  )
  if (!play || !first) return null
  const added = addAfter(viewed, play, first)
  const changes: Change[] = [
    ...added.changes,
    { type: 'changeSettings', id: added.id, settings: { ...play.defaults(), prompts: [filler()] } },
    ...others.map((from): Change => ({ type: 'connect', ...from, to: added.id })),
  ]
  return { label: words.sayBefore, changes }
}
