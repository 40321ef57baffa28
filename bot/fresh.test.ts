import { describe, expect, it } from 'vitest'
import { realClock } from '#ground/clock.ts'
import { SpeechError } from '#speech/error.ts'
import type { Asked, Voice } from '#speech/voice.ts'
import { createFresh } from './fresh.ts'

/** A voice that needs as many bytes for a text as this says, and notes who asked. */
function voiceThat(speak: (text: string, asked: Asked) => Promise<number>) {
  const asked: { text: string; turn: string | undefined }[] = []
  const voice: Pick<Voice, 'speak'> = {
    async speak(text, options) {
      asked.push({ text, turn: options.turn })
      return { wav: new Uint8Array(await speak(text, options)), durationMs: text.length }
    },
  }
  return { asked, voice }
}

const small = async () => 10
const never = () => new Promise<number>(() => {})
const until = () => new AbortController()
const open = (voice: Pick<Voice, 'speak'>, clock = realClock) => createFresh({ voice, publicUrl: 'https://bot', clock })
const say = (fresh: ReturnType<typeof open>, call: string, texts: string[], { signal } = until()) =>
  fresh.of(call, texts, { language: 'en-US', until: signal })

describe('what is spoken for one call', () => {
  it('is spoken once a call, whoever asks for it again, in the turn of its call', async () => {
    const { voice, asked } = voiceThat(small)
    const fresh = open(voice)
    const first = await say(fresh, 'a', ['Ada', 'Bo', 'Ada'])
    const again = await say(fresh, 'a', ['Bo', 'Cy'])
    const other = await say(fresh, 'b', ['Bo'])
    expect(asked).toEqual([
      { text: 'Ada', turn: 'a' },
      { text: 'Bo', turn: 'a' },
      { text: 'Cy', turn: 'a' },
      { text: 'Bo', turn: 'b' },
    ])
    expect(again.get('Bo')).toEqual(first.get('Bo'))
    // Nobody hears of another call's audio by asking for the same words.
    expect(other.get('Bo')?.resourceId).not.toBe(first.get('Bo')?.resourceId)
  })

  it('has an address of which nothing can be read, and sounds there until the call is over', async () => {
    const fresh = open(voiceThat(small).voice)
    const audio = (await say(fresh, 'a', ['Ada'])).get('Ada')
    expect(audio?.uri).toMatch(/^https:\/\/bot\/prompts\/[0-9a-f-]{36}\.wav$/)
    expect(audio?.durationMs).toBe(3)
    expect(fresh.get(audio?.resourceId ?? '')?.text).toBe('Ada')
    fresh.forget('b')
    expect(fresh.size).toBe(1)
    fresh.forget('a')
    expect([fresh.get(audio?.resourceId ?? ''), fresh.size]).toEqual([null, 0])
  })

  it('is not kept when the call is over before it is spoken', async () => {
    let finish = (_: number) => {}
    const { voice } = voiceThat(
      () =>
        new Promise((resolve) => {
          finish = resolve
        }),
    )
    const fresh = open(voice)
    const call = until()
    const asked = say(fresh, 'a', ['Ada'], call)
    call.abort()
    fresh.forget('a')
    finish(10)
    await expect(asked).rejects.toMatchObject({ code: 'notSpoken' })
    expect(fresh.size).toBe(0)
  })

  it('is bounded for a call, and what is wanted now stays', async () => {
    const fresh = open(voiceThat(async () => 1_500_000).voice)
    await say(fresh, 'a', ['1', '2'])
    const now = await say(fresh, 'a', ['3', '4', '5', '1'])
    expect(fresh.size).toBe(4)
    for (const { resourceId } of now.values()) expect(fresh.get(resourceId)).not.toBeNull()
  })

  it('is bounded for all calls together', async () => {
    const fresh = open(voiceThat(async () => 4_000_000).voice)
    for (let n = 0; n < 40; n++) await say(fresh, `call ${n}`, ['a text'])
    expect(fresh.size).toBe(32)
    const last = (await say(fresh, 'call 39', ['a text'])).get('a text')
    expect(fresh.get(last?.resourceId ?? '')).not.toBeNull()
  })

  it('fails when the voice does, and when it takes longer than a caller bears silence', async () => {
    const broken = voiceThat(() => Promise.reject(new SpeechError('busy')))
    await expect(say(open(broken.voice), 'a', ['Ada'])).rejects.toMatchObject({ code: 'notSpoken' })

    let late = () => {}
    const clock = {
      now: () => 0,
      after(ms: number, act: () => void) {
        expect(ms).toBe(2_500)
        late = act
        return () => {}
      },
    }
    const signals: (AbortSignal | undefined)[] = []
    const slow = voiceThat((_, { signal }) => {
      signals.push(signal)
      return never()
    })
    const asked = say(open(slow.voice, clock), 'a', ['Ada'])
    late()
    await expect(asked).rejects.toMatchObject({ code: 'notSpoken' })
    // Nobody waits for it any more.
    expect(signals[0]?.aborted).toBe(true)
  })
})
