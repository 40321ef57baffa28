import { compile } from '#flow/compile.ts'
import { begin, type CallState, step, type Trace } from '#flow/step.ts'
import type { Command, FlowEvent } from '#flow/talk.ts'
import { promptTexts, referenceFlow } from './referenceFlow.ts'

/** The shared bench's own words, of its lib/flow.mjs. */
type BenchEvent =
  | { type: 'incoming' | 'established' | 'toneSubscribed' | 'played' | 'terminated' }
  | { type: 'tone'; digit: string }

const nameOf = new Map(Object.entries(promptTexts).map(([name, text]) => [text, name]))
const nobody = { id: '', name: '', phone: '' }

/** The history is written for a hundred calls at a time: eight steps each. */
const historyBatch = 800

/**
 * Our interpreter among the engines of the shared bench (its example-adapter.mjs says what it must give). After each
 * step it keeps a JSON snapshot of the call, from which the call could go on, and records what happened.
 */
export async function create() {
  const program = compile(referenceFlow)
  const live = new Map<string, CallState>()
  const snapshots = new Map<string, string>()
  const variables = new Map<string, string>()
  let history: { callId: string; at: number; trail: readonly Trace[] }[] = []

  return {
    name: 'ours',
    sync: true,
    size: () => live.size,
    sample: (callId: string) => `${snapshots.get(callId)}${variables.get(callId)}`,
    step(callId: string, event: BenchEvent): string | null {
      const known = live.get(callId)
      const before = known ?? begin(program, { caller: { id: callId, name: '', phone: '' }, called: nobody })
      const at = Date.now()
      const { state, commands, trail } = step(program, before, inOurWords(event, before), at)
      if (state.at === null) {
        live.delete(callId)
        snapshots.delete(callId)
        variables.delete(callId)
      } else {
        live.set(callId, state)
        snapshots.set(callId, snapshotOf(state))
        // Variables are never changed, only replaced: the same object is the same text.
        if (state.variables !== known?.variables) variables.set(callId, JSON.stringify(state.variables))
      }
      history.push({ callId, at, trail })
      if (history.length >= historyBatch) history = []
      for (const command of commands) {
        const asked = inItsWords(command)
        if (asked !== null) return asked
      }
      return null
    },
  }
}

/** A list and not an object: the names would be half of it. Most calls have nothing else to tell than the first five. */
const snapshotOf = (call: CallState): string => {
  const { at, phase, line, fault, visit, asking, steps, listening, typed, swallow, data } = call
  return phase === 'call' && line === 'audible' && fault === null && asking === null && typed === '' && swallow === ''
    ? JSON.stringify([at, visit, steps, listening, data])
    : JSON.stringify([at, visit, steps, listening, data, phase, line, fault, asking, typed, swallow])
}

function inOurWords(event: BenchEvent, { visit }: CallState): FlowEvent {
  switch (event.type) {
    case 'incoming':
      return { type: 'callOffered' }
    case 'established':
      return { type: 'callEstablished', audio: true }
    case 'toneSubscribed':
      return { type: 'tonesSubscribed', visit }
    case 'played':
      return { type: 'promptFinished', visit }
    case 'tone':
      return { type: 'tonePressed', key: event.digit }
    case 'terminated':
      return { type: 'callEnded', reason: { code: 200, subcode: 0 }, transferred: false }
  }
}

/**
 * Null for a command that the shared flow does not know: its callers press keys while the menu is still read, and
 * nobody stops the prompt; ours asks Graph to (`cancelMedia`), and sets a timer for a hang-up that is never confirmed.
 */
function inItsWords(command: Command): string | null {
  switch (command.type) {
    case 'answer':
      return 'answer'
    case 'subscribeTones':
      return 'subscribeToTone'
    case 'play':
      return `playPrompt:${nameOf.get(command.prompts[0] ?? '')}`
    case 'hangUp':
      return 'hangup'
    default:
      return null
  }
}
