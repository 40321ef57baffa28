import type { CommsOperation, OperationStatus } from '#communications/wire/types.ts'
import type { Clock } from '#ground/clock.ts'
import { sleep } from '#ground/clock.ts'
import type { Settings } from '../settings.ts'
import { type Call, hasEnded, type MediaOperation, type RecordSettings } from './call.ts'
import type { LineEvent, Speech } from './conversation.ts'
import { resultInfo } from './notifications.ts'
import type { Recordings } from './recordings.ts'
import { encodeWav, mixSpeech } from './wav.ts'

/** Listens to a call, and keeps what it heard. */
export type Recorder = {
  /** Beeps, listens until one of the documented ends, and gives what the notification of the operation says. */
  record(
    call: Call,
    operation: MediaOperation,
    settings: RecordSettings,
  ): Promise<{ status: OperationStatus } & Omit<Partial<CommsOperation>, 'status'>>
}

/** Graph's beep is documented nowhere. */
const beepMs = 500

type End = 'stopTone' | 'maxDuration' | 'maxSilence' | 'initialSilence' | 'cut'

/** Subcodes of the sister service, confirmed by completionReason of beta (contract: result-codes.json, media). */
const ends: Record<Exclude<End, 'cut'>, { status: OperationStatus; code: number; subcode: number; message: string }> = {
  stopTone: { status: 'completed', code: 200, subcode: 8514, message: 'Stop tone detected.' },
  maxDuration: { status: 'completed', code: 200, subcode: 8515, message: 'Maximum record duration reached.' },
  maxSilence: { status: 'completed', code: 200, subcode: 8509, message: 'Maximum silence after speech.' },
  initialSilence: { status: 'failed', code: 400, subcode: 8510, message: 'Initial silence timeout.' },
}

export function createRecorder({
  settings,
  clock,
  recordings,
}: {
  settings: Settings
  clock: Clock
  recordings: Recordings
}): Recorder {
  /** Life's milliseconds as the clock has them: recordings go as many times faster than life as prompts. */
  const short = (ms: number) => ms / settings.playbackSpeed

  /** Waits for the first of the ends. */
  function listen(call: Call, { signal }: AbortController, record: RecordSettings): Promise<End> {
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
        cancelSilence = clock.after(Math.max(0, to - clock.now()) + short(record.maxSilenceMs), () => end('maxSilence'))
      }
      const hear = (event: LineEvent) => {
        if (event.kind === 'speech') afterSpeech(event.speech)
        else if (record.stopTones.includes(event.key)) end('stopTone')
      }
      // First, since both are 5 s by default: whoever said nothing at all is not told as recorded.
      cancelSilence = clock.after(short(record.initialSilenceMs), () => end('initialSilence'))
      const cancelMax = clock.after(short(record.maxDurationMs), () => end('maxDuration'))
      signal.addEventListener('abort', cut)
      listeners.add(hear)
      // Somebody may be in the middle of a sentence when the beep is over.
      const speaking = speeches.findLast(({ to }) => to > clock.now())
      if (speaking) afterSpeech(speaking)
      if (signal.aborted) cut()
    })
  }

  return {
    async record(call, operation, record) {
      const { id, abort } = operation
      if (record.playBeep) await sleep(clock, short(beepMs), abort.signal)
      if (!hasEnded(call)) call.transcript.add({ kind: 'recording', operationId: id })
      const from = clock.now()
      const how = await listen(call, abort, record)
      if (how === 'cut') return { status: 'failed' } // whoever cut it has told so
      const { status, code, subcode, message } = ends[how]
      const durationMs = Math.round((clock.now() - from) * settings.playbackSpeed)
      call.transcript.add({ kind: 'recorded', operationId: id, durationMs, subcode })
      const result = { status, resultInfo: resultInfo(code, subcode, message) }
      if (status !== 'completed') return result
      const samples = mixSpeech(call.conversation.speeches, { from, to: clock.now(), speed: settings.playbackSpeed })
      const { location, token } = recordings.keep(call, encodeWav(samples), record.origin)
      return { ...result, recordingLocation: location, recordingAccessToken: token }
    },
  }
}
