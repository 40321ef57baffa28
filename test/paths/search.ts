import { surroundingsOf } from '#flow/compile.ts'
import type { Rehearsal } from '#flow/rehearse.ts'
import { viewBlocks } from '#flow/view.ts'
import { type Act, act, actsOn, comesIn, type Scenario } from './acts.ts'
import { nextInstant } from './when.ts'

/** A whole call: what happens in it, one thing after the other, and the exits that it takes, as `block exit`. */
export type Path = { world: string; acts: readonly Act[]; takes: ReadonlySet<string> }

/** Exits that one call is to take. */
export type Goal = readonly string[]

/** Far more than any flow of these tests has; a search that comes here has lost its way. */
const mostStates = 60_000

const begunAt = Date.UTC(2030, 0, 2)

type State = { call: Rehearsal; world: string; acts: readonly Act[] }

/**
 * The shortest path to every exit that some call takes, and to each of these sets of exits where one call takes them all; found by trying
 * all that may happen, wherever a call stands.
 */
export function shortestPaths(scenario: Scenario, together: readonly Goal[] = []): Map<Goal, Path> {
  const paths = new Map<Goal, Path>()
  const goals = new Set<Goal>([...together, ...drawnExits(scenario).map((one) => [one])])
  const taken = new Set<string>()
  const seen = new Set<string>()
  const queue: State[] = []
  const come = (state: State) => {
    const path = wholeOf(state)
    for (const goal of goals) {
      if (!isMetBy(path, goal)) continue
      goals.delete(goal)
      paths.set(goal, path)
    }
    for (const one of path.takes) {
      // Failures and hang-ups are not drawn.
      if (!taken.has(one)) paths.set([one], path)
      taken.add(one)
    }
    const key = keyOf(state, scenario)
    if (seen.has(key) || state.call.isOver) return
    if (seen.size >= mostStates) throw new Error('The search has come to no end.')
    seen.add(key)
    queue.push(state)
  }
  for (const [world, terms] of Object.entries(scenario.worlds ?? { any: {} })) {
    come({ call: comesIn(scenario, terms, nextInstant(terms.on, begunAt)), world, acts: [] })
  }
  for (const { call, world, acts } of queue) {
    if (goals.size === 0) break
    for (const doing of actsOn(call, scenario)) come({ call: act(call.fork(), doing), world, acts: [...acts, doing] })
  }
  return paths
}

/** A call that is not over ends by a hang-up. */
function wholeOf({ call, world, acts }: State): Path {
  if (call.isOver) return { world, acts, takes: exitsOf(call) }
  return { world, acts: [...acts, { do: 'hangUp' }], takes: exitsOf(act(call.fork(), { do: 'hangUp' })) }
}

const exitsOf = ({ trail }: Rehearsal): Set<string> =>
  new Set(trail.flatMap(({ block, exit }) => (exit === undefined ? [] : [`${block} ${exit}`])))

/** Every exit that is drawn of a flow's blocks, as `block exit`. */
export function drawnExits({ flow, shared }: Scenario): string[] {
  const views = viewBlocks(flow, surroundingsOf(flow, shared))
  return [...views].flatMap(([id, { exits }]) => exits.map(({ name }) => `${id} ${name}`))
}

/** What the rest of a call depends on. */
function keyOf({ call, world }: State, { flow }: Scenario): string {
  const { at, phase, line, listening, typed, data, variables, flow: entered, frames } = call.stands
  const own = Object.keys(flow.variables).map((name) => variables[name])
  return JSON.stringify([world, at, phase, line, listening, typed, data, call.waitsFor, own, entered, frames.length])
}

const isMetBy = ({ takes }: Path, goal: Goal): boolean => goal.every((one) => takes.has(one))

/** A few of the paths by which all the goals are met. */
export function fewestCalls(paths: ReadonlyMap<Goal, Path>): Path[] {
  const chosen: Path[] = []
  // Long ones meet many.
  for (const [goal, path] of [...paths].sort(([, one], [, other]) => other.acts.length - one.acts.length)) {
    if (!chosen.some((one) => isMetBy(one, goal))) chosen.push(path)
  }
  return chosen
}
