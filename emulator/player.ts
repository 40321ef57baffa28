import { type Clock, sleep } from '#communications/clock.ts'
import type { OperationStatus, ResultInfo } from '#communications/words.ts'
import { type Call, hasEnded, type PlayOperation } from './call.ts'
import type { Delivery } from './delivery.ts'
import { endedOperation, resultInfo } from './notifications.ts'
import { type Prompt, PromptFailure, type Prompts } from './prompts.ts'
import type { Settings } from './settings.ts'

/** A call that plays prompts for days does not keep them all. */
const maxSounded = 50

/** Plays a call's prompts: one queue per call, operations in order, each for as long as it really sounds. */
export type Player = {
  enqueue(call: Call, operation: PlayOperation): void
  /** Ends all operations; each is told as failed 400/8508. Gives their ids. */
  cancel(call: Call): string[]
  /**
   * Ends all operations without a word. What the real service says about the operations of a call that ended is not documented;
   * the call's own end says it all, so nothing is sent.
   */
  stop(call: Call): void
}

type Deps = { settings: Settings; clock: Clock; delivery: Delivery; prompts: Prompts }

export function createPlayer({ settings, clock, delivery, prompts }: Deps): Player {
  function tellEnd(call: Call, { id, clientContext }: PlayOperation, status: OperationStatus, result: ResultInfo) {
    if (hasEnded(call)) return
    const operation = {
      '@odata.type': '#microsoft.graph.playPromptOperation',
      id,
      clientContext,
      status,
      resultInfo: result,
    }
    delivery.post(call, call.callbackUri, endedOperation(call, operation))
  }

  async function sound(call: Call, { id, clientContext, media, abort }: PlayOperation, prompt: Prompt, place: number) {
    const index = call.sounded.size === 0 ? 1 : Math.max(...call.sounded.keys()) + 1
    call.sounded.set(index, prompt)
    call.sounded.delete(index - maxSounded)

    const { text, durationMs } = prompt
    const about = { media: index, operationId: id, clientContext }
    call.playing = { operationId: id, clientContext, text, index }
    call.transcript.add({ kind: 'prompt', text, durationMs, resourceId: media[place]?.resourceId ?? null, ...about })

    await sleep(clock, durationMs / settings.playbackSpeed, abort.signal)

    call.playing = null
    if (!hasEnded(call)) call.transcript.add({ kind: 'promptEnded', cut: abort.signal.aborted, ...about })
  }

  async function play(call: Call, operation: PlayOperation) {
    const { signal } = operation.abort
    if (signal.aborted) return
    let status: OperationStatus = 'completed'
    let result = resultInfo(200, 0, 'Action completed successfully.')
    try {
      // All files before the first sounds: an operation that cannot be played says nothing at all.
      const ready = await Promise.all(operation.media.map((media) => prompts.get(call.appId, media)))
      for (const [place, prompt] of ready.entries()) {
        if (signal.aborted) return
        await sound(call, operation, prompt, place)
      }
    } catch (error) {
      if (!(error instanceof PromptFailure)) throw error
      status = 'failed'
      result = resultInfo(error.code, error.subcode, error.message)
      if (!signal.aborted) {
        call.transcript.add({ kind: 'failed', what: 'playPrompt', message: `${error.message} (${error.detail})` })
      }
    }
    if (signal.aborted) return
    call.queue.shift()
    tellEnd(call, operation, status, result)
  }

  function abortAll(call: Call): PlayOperation[] {
    const operations = call.queue.splice(0)
    for (const { abort } of operations) abort.abort()
    return operations
  }

  return {
    enqueue(call, operation) {
      call.queue.push(operation)
      call.player = call.player.then(() => play(call, operation))
    },
    cancel(call) {
      const victims = abortAll(call)
      for (const operation of victims) {
        tellEnd(call, operation, 'failed', resultInfo(400, 8508, 'Action failed, the operation was cancelled.'))
      }
      return victims.map(({ id }) => id)
    },
    stop: (call) => void abortAll(call),
  }
}
