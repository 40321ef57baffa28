import { type RawAnswer, takeAnswer } from './answer.ts'
import { check, type Problem } from './check.ts'
import { FlowError } from './error.ts'
import { type Flow, readFlow, schemaVersion } from './flow.ts'
import { Rehearsal } from './rehearse.ts'
import type { ServiceAnswer, ServiceRequest } from './talk.ts'
import type { Value, Variables } from './values.ts'

/** The settings of one HTTP request, and the variables of its flow with example values for what they begin with. */
export type Trial = { settings: Record<string, Value>; variables: Flow['variables'] }

/** What its answer would give: the way out, and for each variable what it would hold or why it would not. */
type Mapped = {
  exit: string
  values: ({ variable: string; value: Value } | { variable: string; problem: string })[]
}

/**
 * The one block in a call of its own, so that what is tried is what calls do: to be sent by whoever may, and then told its answer.
 * @throws FlowError `flowNotReadable` for examples that no variable can hold, or the reason for which the request cannot be made
 */
export function tryRequest(
  { settings, variables }: Trial,
  env: Readonly<Record<string, string>>,
): { problems: readonly Problem[] } | { request: ServiceRequest; mapped(raw: RawAnswer): Mapped } {
  const flow = flowOf(settings, variables)
  const problems = check(flow).filter(({ code }) => code === 'setting' || code === 'wrongInitial')
  if (problems.length > 0) return { problems }
  const call = new Rehearsal(flow, {}, { env }).rings()
  const asked = call.asked.find(({ type }) => type === 'request')
  if (asked?.type !== 'request') throw new FlowError('expressionFailed', 'the request could not be made')
  return { request: asked.request, mapped: (raw) => mapped(call, raw) }
}

const place = { position: { x: 0, y: 0 } }

const flowOf = (settings: Trial['settings'], variables: Flow['variables']): Flow =>
  readFlow({
    ...{ schemaVersion, name: 'Try', language: 'en-US', start: 'incoming', onHangUp: null, onError: null, apology: '' },
    variables,
    blocks: {
      incoming: { type: 'incomingCall', name: 'incoming', settings: {}, exits: { next: 'ask' }, ...place },
      ask: { type: 'httpRequest', name: 'ask', settings, exits: {}, ...place },
    },
  })

function mapped(call: Rehearsal, raw: RawAnswer): Mapped {
  const takes = call.program.nodes.get('ask')?.block.takes ?? []
  let known: Variables = call.variables
  const values = takes.map((one) => {
    const { variable } = one
    const taken = resultOf(takeAnswer([one], raw, known))
    if ('failed' in taken) return { variable, problem: taken.problem }
    known = { ...known, ...taken.values }
    return { variable, value: taken.values[variable] ?? null }
  })
  const { exit = 'error' } =
    call.responds(raw).trail.find(({ block, event }) => block === 'ask' && event === 'left') ?? {}
  return { exit, values }
}

function resultOf(work: Generator<undefined, ServiceAnswer>): ServiceAnswer {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
  }
}
