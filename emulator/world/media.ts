import type { MediaPrompt, PlayPromptBody } from '#communications/wire/types.ts'
import { Refusal } from '../wire/refusal.ts'
import type { Call, RecordSettings } from './call.ts'
import { isGroup, selfIn } from './conversation.ts'
import { cancelKeys } from './keys.ts'
import { beginOperation, type Operation } from './operations.ts'
import { cancelSound, enqueue } from './player.ts'
import type { Context, RecordResponse } from './taken.ts'
import type { World } from './world.ts'

/** What a bot lets its call hear, and records of it. */

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
