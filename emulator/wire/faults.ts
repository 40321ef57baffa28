import type { Clock } from '#ground/clock.ts'
import { sameId } from '#ground/ids.ts'
import { type Do, type FaultRule, type Kind, type On, rulesOf, type Schedule } from './faultRules.ts'
import { fractionOf } from './random.ts'

/** Which rules a request, a notification or a prompt meets. Others carry the faults out. */

/** What a notification says, as far as a rule can ask. */
export type NotificationFacts = { change: string; resource: string; state: string | null; status: string | null }

/** The call that something happens to. It is told apart by the object itself, since ids can come again. */
type Subject = { readonly id: string }

type Held = { rule: FaultRule; key: string; used: number; met: WeakMap<object, number> }
/** How often each thing happened to one call, and the how-manieth call it is. */
type Memory = { ordinal: number; counts: Map<string, number> }

const mostRules = 1000
const mediaLost = { code: 410, subcode: 301_005, message: 'Media connectivity failure.' }

type Deps = {
  clock: Clock
  /** Ends the call of that id as the service's own doing. Nothing happens to one that has ended. */
  drop(callId: string, result: typeof mediaLost): void
}

/** What is to go wrong, and what was met already. */
type State = { rules: Held[]; made: number; ordinals: number; memories: WeakMap<object, Memory> }

export type Faults = ReturnType<typeof createFaults>

/**
 * The rules in their order; the first that applies is used. Chance hangs on the seed, the rule, the how-manieth call it is and how
 * often the same happened to that call, never on what other calls do meanwhile, so the same seed gives the same run.
 */
export function createFaults(deps: Deps) {
  const state: State = { rules: [], made: 0, ordinals: 0, memories: new WeakMap() }
  const meet = (kind: Kind, call: Subject | null, name: string, matches: (on: On) => boolean) =>
    use(deps, applying(state, kind, call, name, matches), call)
  return {
    add(rule: FaultRule): void {
      state.made += 1
      hold(state, rule, String(state.made))
    },
    /** Adds the rules of a schedule, and begins to count calls anew. */
    schedule(schedule: Schedule): void {
      countAnew(state)
      for (const { key, ...rule } of rulesOf(schedule)) hold(state, rule, key)
    },
    /** As the control API shows them. */
    list: () => state.rules.map(({ rule: { kind, times = null, ...rule }, used }) => ({ ...rule, times, used })),

    /** What goes wrong with this request; it counts as used. */
    onRequest(operation: string, call: Subject | null): Do | null {
      const matches = ({ operation: wanted = '*' }: On) =>
        wanted === operation || (wanted === '*' && operation !== 'token')
      return meet('request', call, operation, matches)
    },
    /** What goes wrong with this notification; it counts as used. */
    onNotification(call: Subject, facts: NotificationFacts): Do | null {
      const name = [facts.change, facts.resource, facts.state ?? facts.status ?? ''].join(' ')
      return meet('notification', call, name, isAbout(facts))
    },
    /** A prompt begins to sound. */
    onPromptStarted: (call: Subject): void => void meet('prompt', call, 'prompt', () => true),
    forget(): void {
      state.rules = []
      state.made = 0
      countAnew(state)
    },
  }
}

/** Calls and what happens to them are counted from here, so that a schedule can be run again. */
function countAnew(state: State): void {
  state.memories = new WeakMap()
  state.ordinals = 0
}

function hold(state: State, rule: FaultRule, key: string): void {
  if (state.rules.length >= mostRules) {
    state.rules = state.rules.filter(({ rule, used }) => used < (rule.times ?? Infinity))
  }
  state.rules.push({ rule, key, used: 0, met: new WeakMap() })
}

/** Stands for what belongs to no call, such as tokens and new calls. */
const noCall = {}

function memoryOf(state: State, subject: object): Memory {
  const known = state.memories.get(subject)
  if (known) return known
  if (subject !== noCall) state.ordinals += 1
  const memory = { ordinal: subject === noCall ? 0 : state.ordinals, counts: new Map<string, number>() }
  state.memories.set(subject, memory)
  return memory
}

/** The rules that apply to what happens now. Counts it, so ask once for each thing that happens. */
function applying(state: State, kind: Kind, call: Subject | null, name: string, matches: (on: On) => boolean): Held[] {
  if (state.rules.length === 0) return []
  const subject = call ?? noCall
  const { ordinal, counts } = memoryOf(state, subject)
  const count = (counts.get(name) ?? 0) + 1
  counts.set(name, count)
  return state.rules.filter(({ rule, key, used, met }) => {
    if (rule.kind !== kind || used >= (rule.times ?? Infinity)) return false
    if (rule.on.callId && !(call && sameId(call.id, rule.on.callId))) return false
    if (!matches(rule.on)) return false
    const nth = (met.get(subject) ?? 0) + 1
    met.set(subject, nth)
    if (rule.on.nth !== undefined && rule.on.nth !== nth) return false
    return rule.probability === 1 || fractionOf(rule.seed, key, ordinal, name, count) < rule.probability
  })
}

function isAbout({ change, resource, state, status }: NotificationFacts): (on: On) => boolean {
  const says = (wanted: string | undefined, said: string | null) => wanted === undefined || wanted === said
  return (on) =>
    (on.notification === '*' || says(on.notification, change)) &&
    says(on.resource, resource) &&
    says(on.state, state) &&
    says(on.status, status)
}

/** Drops the call where that is what shall happen; gives the first of the other faults. */
function use({ clock, drop }: Deps, due: Held[], call: Subject | null): Do | null {
  for (const one of due) {
    if (!call || !one.rule.do.dropCall) continue
    const { result = mediaLost, afterMs = 0 } = one.rule.do.dropCall
    one.used += 1
    // Never in the midst of what is happening to the call just now.
    clock.after(afterMs, () => drop(call.id, result))
  }
  const first = due.find(({ rule }) => !rule.do.dropCall)
  if (!first) return null
  first.used += 1
  return first.rule.do
}
