import type { Flow } from './flow.ts'
import type { BlockView } from './view.ts'

/** From where a call comes to a block unanswered, and from where answered: the names of the blocks before it. */
type Comes = { ringing?: string; answered?: string }
type Line = keyof Comes

/** `reason`: the block from which a call comes in the way that is wrong here; `detail`: one from which it comes in the other. */
type Misplaced = { code: 'notAnswered' | 'alreadyAnswered'; reason: string; detail?: string }

/**
 * Blocks that speak, ask or move the caller where the call may not be answered yet, and blocks for a call that rings where it may be
 * answered. Only the first one on a way is told. What fails is answered before the failure path begins (step.ts).
 */
export function lineProblems(flow: Flow, views: ReadonlyMap<string, BlockView>): ReadonlyMap<string, Misplaced> {
  const found = new Map<string, Misplaced>()
  for (const [id, { ringing, answered }] of comingsOf(flow, views)) {
    const { kind, opened } = views.get(id) ?? {}
    const speaks = kind?.line === 'answered' || (opened?.prompts.length ?? 0) > 0
    if (ringing !== undefined && speaks) {
      found.set(id, { code: 'notAnswered', reason: ringing, ...(answered && { detail: answered }) })
    }
    if (answered !== undefined && kind?.line === 'ringing') {
      found.set(id, { code: 'alreadyAnswered', reason: answered, ...(ringing && { detail: ringing }) })
    }
  }
  return found
}

/** Every block that a call can come to, in both ways in which it may stand there. */
export function comingsOf(flow: Flow, views: ReadonlyMap<string, BlockView>): ReadonlyMap<string, Comes> {
  const comings = new Map<string, Comes>()
  const walk: [id: string, line: Line][] = []
  const come = (id: string | null | undefined, line: Line, from: string) => {
    if (id == null || flow.blocks[id] === undefined) return
    const comes = comings.get(id) ?? {}
    if (comes[line] !== undefined) return
    comings.set(id, { ...comes, [line]: from })
    walk.push([id, line])
  }
  come(flow.start, 'ringing', '')
  come(flow.onError, 'answered', '')
  for (let next = walk.pop(); next; next = walk.pop()) {
    const [id, line] = next
    const { kind, opened, exits = [] } = views.get(id) ?? {}
    const goesOn: Line =
      (opened === null && kind?.line !== 'any') || opened?.answers || kind?.line === 'answered' ? 'answered' : line
    for (const { anywhere } of opened?.keys ?? []) come(anywhere, goesOn, flow.blocks[id]?.name ?? '')
    const gone = new Set(exits.flatMap((exit) => (exit.gone ? [exit.name] : [])))
    for (const [exit, to] of Object.entries(flow.blocks[id]?.exits ?? {})) {
      if (!gone.has(exit)) come(to, goesOn, flow.blocks[id]?.name ?? '')
    }
  }
  return comings
}
