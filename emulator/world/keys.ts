import { keyOf } from '#communications/wire/toneKeys.ts'
import { sleep } from '#ground/clock.ts'
import { type Call, hasEnded, type Key, type Keys } from './call.ts'
import { tell, updatedCall } from './notifications.ts'
import { beginOperation, endOperation, type Operation } from './operations.ts'
import type { Context, SendDtmfTones } from './taken.ts'
import type { World } from './world.ts'

/** Keys of the telephone that a bot hears, and those that it sends. */

export const newKeys = (): Keys => ({ heard: false, sequence: 0, sent: Promise.resolve(), cut: new AbortController() })

export function subscribeToTone(call: Call, clientContext: Context): Operation {
  call.keys.heard = true
  call.transcript.add({ kind: 'subscribed', clientContext: clientContext ?? null })
  return beginOperation(call, '#microsoft.graph.subscribeToToneOperation', 'completed', clientContext)
}

/** Somebody in the conversation has pressed a key. */
export function hearKey(world: World, call: Call, { key, tone }: Key): void {
  const heard = call.keys.heard && call.state === 'established'
  call.transcript.add({ kind: 'tone', tone: key, heard })
  if (!heard) return
  call.keys.sequence += 1
  const toneInfo = { '@odata.type': '#microsoft.graph.toneInfo' as const, sequenceId: call.keys.sequence, tone }
  tell(world, call, updatedCall(call, { toneInfo }))
}

/** Keys go out one after the other. `completed` says nothing; completionReason tells how it went (call-senddtmftones page). */
export function sendDtmfTones(world: World, call: Call, body: SendDtmfTones): Operation {
  const operation = beginOperation(call, '#microsoft.graph.sendDtmfTonesOperation', 'running', body.clientContext)
  // No page has a default; cancelling it is suggested by the list of completionReason only.
  const gap = Math.max(0, body.delayBetweenTonesMs ?? 300) / world.settings.playbackSpeed
  const { signal } = call.keys.cut
  call.keys.sent = call.keys.sent.then(async () => {
    for (const tone of body.tones) {
      if (signal.aborted || hasEnded(call)) break
      call.transcript.add({ kind: 'dtmf', tones: keyOf(tone).toLowerCase() })
      await sleep(world.clock, gap, signal)
    }
    endOperation(world, call, operation, {
      status: 'completed',
      completionReason: signal.aborted ? 'mediaOperationCanceled' : 'completedSuccessfully',
    })
  })
  return operation
}

/** Nothing of what is being sent goes out any more. */
export const stopKeys = ({ keys }: Call): void => keys.cut.abort()

/** The same, and what is asked to be sent after this goes out. */
export function cancelKeys(call: Call): void {
  stopKeys(call)
  call.keys.cut = new AbortController()
}
