import type { CallRef, Calls } from '#communications/requests/calls.ts'
import { GraphError } from '#communications/road/error.ts'
import type { FlowEvent } from '#flow/talk.ts'
import type { Guard } from './guard.ts'
import { operationEnded } from './hear.ts'
import type { Log } from './log.ts'
import type { PromptAudio } from './program.ts'
import type { Due, Expected, Session } from './session.ts'
import type { Timers } from './timers.ts'

export type Performing = {
  calls: Calls
  timers: Timers
  log: Log
  /** Where Graph sends the notifications of a call that was answered: https. */
  callbackUri: string
  /** Gives an event to the call, behind whatever already waits in its lane. */
  tell(callId: string, event: FlowEvent): void
  /** Asks Graph when what it must tell is not told in time. */
  expect: Guard['expect']
  /** Keeps the id that Graph gave to an operation, by which its end can be known too. */
  remember(callId: string, context: string, operationId: string): void
}

/** The commands whose end comes as the notification of an operation. */
export const expectedOf = ({ command, context }: Due): Expected[] =>
  command.type === 'play' || command.type === 'subscribeTones'
    ? [{ context, visit: command.visit, operationId: null }]
    : []

/**
 * Carries out one command: one case each, no decisions. Never throws: what Graph refuses or leaves unanswered becomes
 * an event of the call. `signal` stops repeats once the call is over.
 */
export async function perform(session: Session, due: Due, signal: AbortSignal, by: Performing): Promise<void> {
  const { calls, timers, tell, remember } = by
  const { command, context } = due
  const { callId } = session
  const call: CallRef = { id: session.wireCallId, tenantId: session.tenantId }
  try {
    switch (command.type) {
      case 'answer':
        await calls.answer(call, { callbackUri: by.callbackUri }, { signal })
        return by.expect(callId, call, { what: 'established' })
      case 'subscribeTones':
      case 'play': {
        const operation =
          command.type === 'play'
            ? await calls.playPrompt(
                call,
                { prompts: audioOf(session, command.prompts), clientContext: context },
                { signal },
              )
            : await calls.subscribeToTone(call, { clientContext: context }, { signal })
        // An operation that is complete already sends no notification.
        const event = operationEnded(operation, command.visit)
        if (event) return tell(callId, event)
        if (operation.id) remember(callId, context, operation.id)
        if (command.type === 'play') {
          const durationMs = audioOf(session, command.prompts).reduce((sum, one) => sum + one.durationMs, 0)
          by.expect(callId, call, {
            what: 'promptEnd',
            visit: command.visit,
            operationId: operation.id ?? null,
            durationMs,
          })
        }
        return
      }
      case 'cancelMedia':
        await calls.cancelMediaProcessing(call, { clientContext: context }, { signal })
        return
      case 'startTimer': {
        const { timer, visit, ms } = command
        return timers.start(callId, timer, ms, () => tell(callId, { type: 'timerElapsed', timer, visit }))
      }
      case 'transfer': {
        const { id, name } = command.target
        const target = { user: { id, ...(name === '' ? {} : { displayName: name }) } }
        await calls.transfer(call, { target, clientContext: context }, { signal })
        return by.expect(callId, call, { what: 'transferEnd', visit: command.visit })
      }
      case 'hangUp':
        // Not stopped by the call's end, which mostly overtakes its answer: a request cut off costs a connection.
        await calls.hangUp(call)
        return by.expect(callId, call, { what: 'end' })
      default:
        return command satisfies never // a new command does not compile until it is performed
    }
  } catch (problem) {
    const refused = problem instanceof GraphError ? problem : null
    if (refused?.code === 'aborted') return
    // 404: the call is over, and nobody may tell us any more.
    if (refused?.gone) {
      return tell(callId, { type: 'callEnded', reason: { code: 404, subcode: refused.subcode }, transferred: false })
    }
    const what = { callId, command: command.type, code: codeOf(problem), requestId: refused?.requestId }
    by.log.warn(refused ? what : { ...what, err: problem }, 'A command was not carried out')
    tell(callId, { type: 'commandFailed', command: command.type, visit: command.visit, problem: codeOf(problem) })
  }
}

function codeOf(problem: unknown): string {
  if (problem instanceof PromptMissing) return problem.code
  if (!(problem instanceof GraphError)) return 'internal'
  return problem.subcode === null ? problem.code : `${problem.status}/${problem.subcode}`
}

class PromptMissing extends Error {
  override readonly name = 'PromptMissing'
  readonly code = 'promptMissing'
}

/** The same list of texts is the same list of addresses: made once for each program. */
const lists = new WeakMap<readonly string[], PromptAudio[]>()

function audioOf({ program }: Session, texts: readonly string[]): PromptAudio[] {
  const known = lists.get(texts)
  if (known) return known
  const list = texts.map((text) => {
    const audio = program.audio.get(text)
    if (!audio) throw new PromptMissing('A prompt has no audio: publish the flow again.')
    return audio
  })
  lists.set(texts, list)
  return list
}
