import type { MediaPrompt, PlayPromptBody } from '#communications/wire/types.ts'
import { BoundedMap } from '#ground/boundedMap.ts'
import { sleep } from '#ground/clock.ts'
import { Refusal } from '../wire/refusal.ts'
import { type Call, hasEnded, type MediaOperation, type RecordSettings, type Sound } from './call.ts'
import { isGroup, selfIn } from './conversation.ts'
import { cancelKeys } from './keys.ts'
import { resultInfo } from './notifications.ts'
import { beginOperation, endOperation, type Operation, type Outcome } from './operations.ts'
import { type Prompt, PromptFailure } from './prompts.ts'
import { record } from './recorder.ts'
import type { Context, RecordResponse } from './taken.ts'
import type { World } from './world.ts'

/**
 * What a bot lets its call hear, and records of it: one queue per call, worked through in order, each operation for as long as it really
 * sounds.
 */

/** A call that plays prompts for days does not keep them all: so many, and so many bytes. */
const maxPlayed = 50
const maxPlayedBytes = 16_000_000

export const newSound = (): Sound => ({ queue: [], runs: false, playing: null, played: new BoundedMap(maxPlayed) })

const cancelled: Outcome = {
  status: 'failed',
  resultInfo: resultInfo(400, 8508, 'Action failed, the operation was cancelled.'),
}

const mediaOf = (prompts: readonly MediaPrompt[]) => prompts.map(({ mediaInfo }) => mediaInfo)

export function playPrompt(
  world: World,
  call: Call,
  { prompts, clientContext }: Pick<PlayPromptBody, 'prompts'> & { clientContext?: Context },
): Operation {
  const running = beginOperation(call, '#microsoft.graph.playPromptOperation', 'running', clientContext)
  enqueue(world, call, { ...running, media: mediaOf(prompts), record: null, abort: new AbortController() })
  return running
}

/** `origin` is where the recording will be fetched from. Throws a Refusal where recording had to be announced first. */
export function recordResponse(world: World, call: Call, body: RecordResponse, origin: string): Operation {
  refuseUnannounced(world, call)
  const running = beginOperation(call, '#microsoft.graph.recordOperation', 'running', body.clientContext, {
    resultInfo: null,
    recordingLocation: null,
  })
  const media = mediaOf(body.prompts ?? [])
  const operation = { ...running, media, record: settingsOf(body, origin), abort: new AbortController() }
  enqueue(world, call, operation, body.bargeInAllowed ?? false)
  return running
}

function refuseUnannounced({ settings }: World, call: Call): void {
  const needed = settings.recordingStatusNeeded
  if (selfIn(call)?.recordingStatus === 'recording') return
  if (needed !== 'always' && !(needed === 'inGroupCalls' && isGroup(call.conversation))) return
  // Which error this brings is not documented.
  throw new Refusal(403, '7502', 'Recording has to be announced first: updateRecordingStatus with recording.')
}

function settingsOf(body: RecordResponse, origin: string): RecordSettings {
  // Each timer has 5 s by default (call-record page).
  const ms = (seconds: number | null | undefined) => (seconds ?? 5) * 1000
  return {
    initialSilenceMs: ms(body.initialSilenceTimeoutInSeconds),
    maxSilenceMs: ms(body.maxSilenceTimeoutInSeconds),
    maxDurationMs: ms(body.maxRecordDurationInSeconds),
    playBeep: body.playBeep ?? true,
    stopTones: (body.stopTones ?? []).map((key) => key.toLowerCase()),
    origin,
  }
}

export function cancelMediaProcessing(world: World, call: Call, clientContext: Context): Operation {
  call.transcript.add({ kind: 'cancelled', operationIds: call.sound.queue.map(({ id }) => id) })
  cancelSound(world, call)
  cancelKeys(call)
  return beginOperation(call, '#microsoft.graph.cancelMediaProcessingOperation', 'completed', clientContext)
}

/** `overtake`: before all that wait; what sounds is cut off and told as cancelled (bargeInAllowed of recordResponse). */
function enqueue(world: World, call: Call, operation: MediaOperation, overtake = false): void {
  const { queue } = call.sound
  const sounding = queue[0]
  if (overtake && sounding) {
    queue.shift()
    sounding.abort.abort()
    tellEnd(world, call, sounding, cancelled)
    queue.unshift(operation)
  } else queue.push(operation)
  void workThrough(world, call)
}

/** Ends all operations; each is told as failed 400/8508. */
function cancelSound(world: World, call: Call): void {
  for (const operation of stopSound(call)) tellEnd(world, call, operation, cancelled)
}

/**
 * Ends all operations without a word, and gives them. What the real service says about the operations of a call that ended is not
 * documented; the call's own end says it all, so nothing is sent.
 */
export function stopSound({ sound }: Call): MediaOperation[] {
  const operations = sound.queue.splice(0)
  for (const { abort } of operations) abort.abort()
  return operations
}

/** Nobody can listen to what was played any more. */
export const forgetSounds = ({ sound }: Call): void => sound.played.clear()

function tellEnd(world: World, call: Call, operation: MediaOperation, outcome: Outcome): void {
  const { '@odata.type': type, id, clientContext } = operation
  endOperation(world, call, { '@odata.type': type, id, clientContext }, outcome)
}

/** One after the other, until nothing waits. Whoever ends an operation from outside takes it out of the queue. */
async function workThrough(world: World, call: Call): Promise<void> {
  const { sound } = call
  if (sound.runs) return
  sound.runs = true
  for (let next = sound.queue[0]; next; next = sound.queue[0]) {
    const { signal } = next.abort
    const outcome = await Promise.race([carryOut(world, call, next), aborted(signal)])
    if (!outcome || signal.aborted) continue
    sound.queue.shift()
    tellEnd(world, call, next, outcome)
  }
  sound.runs = false
}

async function carryOut(world: World, call: Call, operation: MediaOperation): Promise<Outcome> {
  try {
    await soundAll(world, call, operation)
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
  if (operation.record && !operation.abort.signal.aborted) return record(world, call, operation, operation.record)
  return { status: 'completed', resultInfo: resultInfo(200, 0, 'Action completed successfully.') }
}

/** All files before the first sounds: an operation that cannot be played says nothing at all. */
async function soundAll(world: World, call: Call, operation: MediaOperation): Promise<void> {
  const ready = await Promise.all(operation.media.map((media) => world.prompts.get(call.appId, media)))
  for (const [place, prompt] of ready.entries()) {
    if (operation.abort.signal.aborted) return
    await play(world, call, operation, prompt, place)
  }
}

async function play(
  { clock, settings, onSound }: World,
  call: Call,
  { id, clientContext, media, abort }: MediaOperation,
  prompt: Prompt,
  place: number,
): Promise<void> {
  const { sound, transcript } = call
  const index = sound.played.size === 0 ? 1 : Math.max(...sound.played.keys()) + 1
  sound.played.set(index, prompt)
  dropOldSounds(sound.played)

  const { text, durationMs } = prompt
  const about = { media: index, operationId: id, clientContext }
  sound.playing = { operationId: id, clientContext, text, index }
  transcript.add({ kind: 'prompt', text, durationMs, resourceId: media[place]?.resourceId ?? null, ...about })
  onSound(call)

  await sleep(clock, durationMs / settings.playbackSpeed, abort.signal)

  sound.playing = null
  if (!hasEnded(call)) transcript.add({ kind: 'promptEnded', cut: abort.signal.aborted, ...about })
}

function dropOldSounds(played: Map<number, Prompt>): void {
  let bytes = [...played.values()].reduce((sum, prompt) => sum + prompt.bytes.length, 0)
  for (const [index, prompt] of played) {
    if (bytes <= maxPlayedBytes || played.size === 1) return
    played.delete(index)
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
