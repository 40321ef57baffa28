import type { Flow } from './flow.ts'
import { type FlowFace, type FlowFaces, linkOf, parametersOf } from './subFlows.ts'
import type { BlockView } from './view.ts'

/** What a flow is from outside. `sensitive`: its variables that may hold something sensitive. */
export function faceOf(flow: Flow, views: ReadonlyMap<string, BlockView>, sensitive: ReadonlySet<string>): FlowFace {
  const ends = endsIn(views)
  const given = [...new Set(ends.flatMap(({ gives }) => gives))]
  return {
    parameters: parametersOf(flow),
    exits: exitsOf(views),
    gives: given.flatMap((name) => {
      const declared = flow.variables[name]
      return declared ? [{ name, type: declared.type, sensitive: sensitive.has(name) }] : []
    }),
    asks: [...views.values()].some(asksCaller),
    enters: [...new Set(entersUnasked(flow, views).map(({ link }) => link))],
  }
}

const endsIn = (views: ReadonlyMap<string, BlockView>) =>
  [...views.values()].flatMap(({ opened }) => opened?.returns ?? [])

/** The names of its ends. */
export const exitsOf = (views: ReadonlyMap<string, BlockView>): string[] => [
  ...new Set(endsIn(views).map(({ exit }) => exit)),
]

export const asksCaller = ({ kind, opened }: BlockView): boolean =>
  kind?.asksCaller === true || opened?.records === true || opened?.asks === true

/** The blocks by which a call enters other flows before anything was asked or decided. */
function entersUnasked(flow: Flow, views: ReadonlyMap<string, BlockView>): { block: string; link: string }[] {
  const reached = new Set([flow.start])
  const found: { block: string; link: string }[] = []
  for (const block of reached) {
    const view = views.get(block)
    if (!view) continue
    const link = view.opened?.enters
    if (link !== undefined) found.push({ block, link })
    if (asksCaller(view) || view.kind?.decides) continue
    for (const to of Object.values(flow.blocks[block]?.exits ?? {})) reached.add(to)
  }
  return found
}

/** Blocks from which a call comes back to this flow, and so round and round, though nobody has asked or decided anything. */
export function endlessFlows(
  id: string,
  flow: Flow,
  views: ReadonlyMap<string, BlockView>,
  faces: FlowFaces,
): ReadonlySet<string> {
  const own = linkOf({ id, version: null })
  const comesBack = (link: string) => {
    const reached = new Set([link])
    for (const one of reached) {
      if (one === own) return true
      for (const next of faces[one]?.enters ?? []) reached.add(next)
    }
    return false
  }
  return new Set(entersUnasked(flow, views).flatMap(({ block, link }) => (comesBack(link) ? [block] : [])))
}
