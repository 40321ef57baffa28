import { buffer } from 'node:stream/consumers'
import type { LiveCall } from '#communications/calling/call.ts'
import { downloadRecording } from '#communications/requests/recordings.ts'
import type { CommsOperation } from '#communications/wire/types.ts'
import { type BotSettings, startBot, unless } from './botServer.ts'

/**
 * Takes a message of a minute at most, and plays it back to who left it. Sounds: leaveMessage, nothingSaid, goodbye.
 *
 * Unlike Microsoft's VoiceRecorderAndPlaybackBot it begins once, when sound flows; it never sends Graph's token to the address of
 * the recording; it reads no more than it asked to be recorded, and forgets it; and silence is an answer and not an error.
 */
export async function startVoiceRecorder(settings: BotSettings) {
  const bot = await startBot(settings)
  const { calling, sounds, prompt, say } = bot

  async function takeMessage(call: LiveCall) {
    await call.answer()
    await call.until('mediaActive')
    const recorded = await call
      .recordResponse({
        prompt: prompt('leaveMessage'),
        playBeep: true,
        initialSilenceTimeoutInSeconds: 10,
        maxSilenceTimeoutInSeconds: 4,
        maxRecordDurationInSeconds: 60,
        stopTones: ['#'],
      })
      .catch(unless('nothingSaid'))
    if (recorded) await playBack(call, recorded)
    else await say(call, 'nothingSaid')
    await say(call, 'goodbye')
  }

  /** A name that nobody can guess, for as long as it plays. */
  async function playBack(call: LiveCall, { recordingLocation, recordingAccessToken }: CommsOperation) {
    if (!recordingLocation || !recordingAccessToken) return
    const { body } = await downloadRecording({ recordingLocation, recordingAccessToken }, { maxBytes: 2_000_000 })
    const name = crypto.randomUUID()
    sounds.set(name, await buffer(body))
    await say(call, name).finally(() => sounds.delete(name))
  }

  // Whatever goes wrong, nobody is left in silence.
  calling.on('incoming', (call) => takeMessage(call).finally(() => call.hangUp()))
  return bot
}
