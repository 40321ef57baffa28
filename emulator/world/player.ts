import type { CommsOperation, OperationStatus } from '#communications/wire/types.ts'
import type { Clock } from '#ground/clock.ts'
import { sleep } from '#ground/clock.ts'
import { normalId } from '#ground/ids.ts'
import type { Settings } from '../settings.ts'
import type { Delivery } from '../wire/delivery.ts'
import { type Call, hasEnded, type MediaOperation } from './call.ts'
import { endedOperation, resultInfo } from './notifications.ts'
import { type Prompt, PromptFailure, type Prompts } from './prompts.ts'
import type { Recorder } from './recorder.ts'

/** A call that plays prompts for days does not keep them all: so many, and so many bytes. */
const maxSounded = 50
const maxSoundedBytes = 16_000_000

/** Works through a call's media: one queue per call, operations in order, each for as long as it really sounds. */
export type Player = {
  /** `overtake`: before all that wait; what sounds is cut off and told as cancelled (bargeInAllowed of recordResponse). */
  enqueue(call: Call, operation: MediaOperation, overtake?: boolean): void
  /** Ends all operations; each is told as failed 400/8508. Gives their ids. */
  cancel(call: Call): string[]
  /**
   * Ends all operations without a word. What the real service says about the operations of a call that ended is not documented;
   * the call's own end says it all, so nothing is sent.
   */
  stop(call: Call): void
}

type Deps = {
  settings: Settings
  clock: Clock
  delivery: Delivery
  prompts: Prompts
  recorder: Recorder
  /** A prompt begins to sound. */
  onSound?: (call: Call) => void
}

/** How an operation ended: what its notification says beside who it is. */
type Ended = { status: OperationStatus } & Omit<Partial<CommsOperation>, 'status'>

const cancelled: Ended = {
  status: 'failed',
  resultInfo: resultInfo(400, 8508, 'Action failed, the operation was cancelled.'),
}

export function createPlayer({ settings, clock, delivery, prompts, recorder, onSound }: Deps): Player {
  function tellEnd(call: Call, { id, clientContext, record }: MediaOperation, ended: Ended) {
    if (hasEnded(call)) return
    const type = record ? '#microsoft.graph.recordOperation' : '#microsoft.graph.playPromptOperation'
    const operation = { '@odata.type': type, id, clientContext, ...ended }
    call.operations.set(normalId(id), operation)
    delivery.post(call, call.callbackUri, endedOperation(call, operation))
  }

  async function sound(call: Call, operation: MediaOperation, prompt: Prompt, place: number) {
    const { id, clientContext, media, abort } = operation
    const index = call.sounded.size === 0 ? 1 : Math.max(...call.sounded.keys()) + 1
    call.sounded.set(index, prompt)
    dropOldSounds(call.sounded)

    const { text, durationMs } = prompt
    const about = { media: index, operationId: id, clientContext }
    call.playing = { operationId: id, clientContext, text, index }
    call.transcript.add({ kind: 'prompt', text, durationMs, resourceId: media[place]?.resourceId ?? null, ...about })
    onSound?.(call)

    await sleep(clock, durationMs / settings.playbackSpeed, abort.signal)

    call.playing = null
    if (!hasEnded(call)) call.transcript.add({ kind: 'promptEnded', cut: abort.signal.aborted, ...about })
  }

  /** All files before the first sounds: an operation that cannot be played says nothing at all. */
  async function soundAll(call: Call, operation: MediaOperation): Promise<void> {
    const ready = await Promise.all(operation.media.map((media) => prompts.get(call.appId, media)))
    for (const [place, prompt] of ready.entries()) {
      if (operation.abort.signal.aborted) return
      await sound(call, operation, prompt, place)
    }
  }

  async function carryOut(call: Call, operation: MediaOperation): Promise<Ended> {
    try {
      await soundAll(call, operation)
    } catch (error) {
      if (!(error instanceof PromptFailure)) throw error
      const message = `${error.message} (${error.detail})`
      if (!operation.abort.signal.aborted) {
        call.transcript.add({ kind: 'failed', what: operation.record ? 'recordResponse' : 'playPrompt', message })
      }
      // A recording has its own code for a prompt that failed.
      return {
        status: 'failed',
        resultInfo: operation.record
          ? resultInfo(500, 8511, 'Prompt could not be played.')
          : resultInfo(error.code, error.subcode, error.message),
      }
    }
    if (operation.record && !operation.abort.signal.aborted) {
      return recorder.record(call, operation, operation.record)
    }
    return { status: 'completed', resultInfo: resultInfo(200, 0, 'Action completed successfully.') }
  }

  /** One after the other, until nothing waits. Whoever ends an operation from outside takes it out of the queue. */
  async function workThrough(call: Call): Promise<void> {
    if (call.queueRuns) return
    call.queueRuns = true
    for (let next = call.queue[0]; next; next = call.queue[0]) {
      const { signal } = next.abort
      const ended = await Promise.race([carryOut(call, next), aborted(signal)])
      if (!ended || signal.aborted) continue
      call.queue.shift()
      tellEnd(call, next, ended)
    }
    call.queueRuns = false
  }

  function abortAll(call: Call): MediaOperation[] {
    const operations = call.queue.splice(0)
    for (const { abort } of operations) abort.abort()
    return operations
  }

  return {
    enqueue(call, operation, overtake = false) {
      const sounding = call.queue[0]
      if (overtake && sounding) {
        call.queue.shift()
        sounding.abort.abort()
        tellEnd(call, sounding, cancelled)
        call.queue.unshift(operation)
      } else call.queue.push(operation)
      void workThrough(call)
    },
    cancel(call) {
      const victims = abortAll(call)
      for (const operation of victims) tellEnd(call, operation, cancelled)
      return victims.map(({ id }) => id)
    },
    stop: (call) => void abortAll(call),
  }
}

function dropOldSounds(sounded: Map<number, Prompt>) {
  let bytes = [...sounded.values()].reduce((sum, prompt) => sum + prompt.bytes.length, 0)
  for (const [index, prompt] of sounded) {
    if (sounded.size <= maxSounded && (bytes <= maxSoundedBytes || sounded.size === 1)) return
    sounded.delete(index)
    bytes -= prompt.bytes.length
  }
}

/** Resolves when the operation is ended from outside: a file that is still being fetched must not hold the next one up. */
function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null)
    else signal.addEventListener('abort', () => resolve(null), { once: true })
  })
}
