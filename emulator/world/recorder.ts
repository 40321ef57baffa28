import type { OperationStatus, ResultInfo } from '#communications/wire/types.ts'
import { sleep } from '#ground/clock.ts'
import {
  type Call,
  type Conversation,
  hasEnded,
  type LineEvent,
  type MediaOperation,
  type RecordSettings,
} from './call.ts'
import { legsOf } from './conversation.ts'
import { resultInfo } from './notifications.ts'
import type { Outcome } from './operations.ts'
import { encodeWav, mixSpeech, type Speech } from './wav.ts'
import type { World } from './world.ts'

/** What is spoken, and recordings that listen to a call and keep what they heard. */

/** Graph's beep is documented nowhere. */
const beepMs = 500

type End = 'stopTone' | 'maxDuration' | 'maxSilence' | 'initialSilence' | 'cut'

/** Subcodes of the sister service, confirmed by completionReason of beta (contract: result-codes.json, media). */
const ends: Record<Exclude<End, 'cut'>, { status: OperationStatus; resultInfo: ResultInfo }> = {
  stopTone: { status: 'completed', resultInfo: resultInfo(200, 8514, 'Stop tone detected.') },
  maxDuration: { status: 'completed', resultInfo: resultInfo(200, 8515, 'Maximum record duration reached.') },
  maxSilence: { status: 'completed', resultInfo: resultInfo(200, 8509, 'Maximum silence after speech.') },
  initialSilence: { status: 'failed', resultInfo: resultInfo(400, 8510, 'Initial silence timeout.') },
}

/** Life's milliseconds as the clock has them: recordings go as many times faster than life as prompts. */
const shortened = (ms: number, { settings }: World) => ms / settings.playbackSpeed

/** Beeps, listens until one of the documented ends, and gives what the notification of the operation says. */
export async function record(
  world: World,
  call: Call,
  { id, abort }: MediaOperation,
  wanted: RecordSettings,
): Promise<Outcome> {
  const { clock, recordings } = world
  const { playbackSpeed } = world.settings
  if (wanted.playBeep) await sleep(clock, shortened(beepMs, world), abort.signal)
  if (!hasEnded(call)) call.transcript.add({ kind: 'recording', operationId: id })
  const from = clock.now()
  const ended = listen(world, call, abort, wanted)
  const lastsMs = call.conversation.toBeSpoken.shift()
  if (lastsMs !== undefined) speak(world, call.conversation, lastsMs, null)
  const how = await ended
  if (how === 'cut') return { status: 'failed' } // whoever cut it has told so
  const end = ends[how]
  const durationMs = Math.round((clock.now() - from) * playbackSpeed)
  call.transcript.add({ kind: 'recorded', operationId: id, durationMs, subcode: end.resultInfo.subcode })
  if (end.status !== 'completed') return end
  const samples = mixSpeech(call.conversation.speeches, { from, to: clock.now(), speed: playbackSpeed })
  const { location, token } = recordings.keep(call, encodeWav(samples), wanted.origin)
  return { ...end, recordingLocation: location, recordingAccessToken: token }
}

/** Waits for the first of the ends. */
function listen(world: World, call: Call, { signal }: AbortController, wanted: RecordSettings): Promise<End> {
  const { clock } = world
  const { listeners, speeches } = call.conversation
  return new Promise((resolve) => {
    let cancelSilence = () => {}
    const end = (how: End) => {
      cancelSilence()
      cancelMax()
      listeners.delete(hear)
      signal.removeEventListener('abort', cut)
      resolve(how)
    }
    const cut = () => end('cut')
    const afterSpeech = ({ to }: Speech) => {
      cancelSilence()
      cancelSilence = clock.after(Math.max(0, to - clock.now()) + shortened(wanted.maxSilenceMs, world), () =>
        end('maxSilence'),
      )
    }
    const hear = (event: LineEvent) => {
      if (event.kind === 'speech') afterSpeech(event.speech)
      else if (wanted.stopTones.includes(event.key)) end('stopTone')
    }
    // First, since both are 5 s by default: whoever said nothing at all is not told as recorded.
    cancelSilence = clock.after(shortened(wanted.initialSilenceMs, world), () => end('initialSilence'))
    const cancelMax = clock.after(shortened(wanted.maxDurationMs, world), () => end('maxDuration'))
    signal.addEventListener('abort', cut)
    listeners.add(hear)
    // Somebody may be in the middle of a sentence when the beep is over.
    const speaking = speeches.findLast(({ to }) => to > clock.now())
    if (speaking) afterSpeech(speaking)
    if (signal.aborted) cut()
  })
}

/** Somebody speaks into the conversation. */
export function speak(
  { clock, settings }: World,
  conversation: Conversation,
  durationMs: number,
  samples: Int16Array | null,
): void {
  const from = clock.now()
  const speech = { from, to: from + durationMs / settings.playbackSpeed, samples }
  const { speeches } = conversation
  speeches.push(speech)
  // A recording lasts two minutes at most.
  while (speeches[0] && speeches[0].to < from - 180_000) speeches.shift()
  for (const leg of legsOf(conversation)) leg.transcript.add({ kind: 'spoke', durationMs })
  for (const listener of [...conversation.listeners]) listener({ kind: 'speech', speech })
}

/** What was spoken is of no use to anybody any more. */
export function forgetSpeech({ speeches }: Conversation): void {
  speeches.length = 0
}
