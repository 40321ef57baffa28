import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Flite, inEnglishLetters, openFlite } from './flite.ts'
import { assertTeamsPrompt, samplesOf, writeWav } from './wav.ts'

const greeting = 'Welcome to Contoso. Press one for sales, two for support.'

describe('the voice on this machine', () => {
  const flite = openFlite()
  afterAll(() => flite.close())

  it('says a sentence in the one format that Teams plays, after a 44-byte header', async () => {
    const { wav, durationMs } = await flite.speak(greeting, { language: 'en-US' })
    const read = assertTeamsPrompt(wav)
    expect(read).toMatchObject({ dataOffset: 44, dataLength: wav.length - 44, durationMs })
    expect(durationMs).toBeGreaterThan(2_000)
    expect(durationMs).toBeLessThan(6_000)
  })

  it('can be heard, and begins at once', async () => {
    const { wav } = await flite.speak(greeting, {})
    const samples = samplesOf(wav, assertTeamsPrompt(wav))
    const loudness = Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length)
    const firstSoundMs = samples.findIndex((sample) => Math.abs(sample) > 200) / 16
    expect(loudness).toBeGreaterThan(1_000)
    expect(firstSoundMs).toBeGreaterThan(40)
    expect(firstSoundMs).toBeLessThanOrEqual(50)
  })

  it('rests behind a sentence, and not where a text goes on in another prompt', async () => {
    const restOf = async (text: string) => {
      const { wav } = await flite.speak(text, {})
      const samples = samplesOf(wav, assertTeamsPrompt(wav))
      return (samples.length - samples.findLastIndex((sample) => Math.abs(sample) > 200)) / 16
    }
    for (const text of ['Your balance is', 'one two three', 'Ada,']) {
      const rest = await restOf(text)
      expect(rest).toBeGreaterThan(75)
      expect(rest).toBeLessThanOrEqual(81)
    }
    expect(await restOf('It is open.')).toBeGreaterThan(120)
  })

  it('says the same text with the same bytes, also after a restart', async () => {
    const restarted = openFlite()
    const [first, again, afterRestart, other] = await Promise.all([
      flite.speak(greeting, {}),
      flite.speak(greeting, {}),
      restarted.speak(greeting, {}),
      flite.speak('Goodbye.', {}),
    ])
    await restarted.close()
    expect(Buffer.compare(first.wav, again.wav)).toBe(0)
    expect(Buffer.compare(first.wav, afterRestart.wav)).toBe(0)
    expect(Buffer.compare(first.wav, other.wav)).not.toBe(0)
  })

  it('speaks what looks like an option or a file name, and does not obey it', async () => {
    const texts = ['--help', '-v -o /etc/x.wav hello', '/text', '-t', '"; $(reboot) `id` <speak>']
    for (const text of texts) expect((await flite.speak(text, {})).durationMs).toBeGreaterThan(300)
  })

  it('reads figures as people do, and keeps apart what sounds alike', async () => {
    expect(flite.readOut?.('Dial 911, 24/7.')).toBe('Dial nine one one, twenty-four seven.')
    const [figures, words, wrong] = await Promise.all(
      ['Dial 911.', 'Dial nine one one.', 'Dial nine hundred eleven.'].map((text) => flite.speak(text, {})),
    )
    expect(Buffer.compare(figures?.wav ?? new Uint8Array(), words?.wav ?? new Uint8Array())).toBe(0)
    expect(figures?.wav.length).not.toBe(wrong?.wav.length)
  })

  it('never fails over letters that are not English', async () => {
    const texts = ['Grüße aus München', 'Привет', '你好 😀', '...', '\u0000\ud800', 'one\n\ttwo', 'a'.repeat(400)]
    for (const text of texts) expect((await flite.speak(text, {})).durationMs).toBeGreaterThan(50)
  })

  it.each([
    ['', 'emptyText'],
    [' \n', 'emptyText'],
    ['a'.repeat(2_001), 'textTooLong'],
    ['1,'.repeat(750), 'textTooLong'], // a quarter of an hour of figures, and ten seconds of work
    ['9'.repeat(2_000), 'textTooLong'],
  ])('refuses an empty text and one of more than 2,000 characters (%#)', async (text, code) => {
    await expect(flite.speak(text, {})).rejects.toMatchObject({ name: 'SpeechError', code })
  })

  it('writes nothing to the console, and does not keep a program running', async () => {
    const program = `
      import { openFlite } from '#speech/flite.ts'
      const { durationMs } = await openFlite().speak('Hello.', {})
      console.log(durationMs > 500)
    `
    const options = { cwd: join(import.meta.dirname, '..'), timeout: 15_000 }
    const args = ['--import', 'tsx', '--input-type', 'module', '--eval', program]
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, options)
    expect({ stdout, stderr }).toEqual({ stdout: 'true\n', stderr: '' })
  }, 20_000)
})

it('says names without their accents rather than without their letters', () => {
  expect(inEnglishLetters('Jürgen Weiß, Łódź – “naïve”')).toBe('Jurgen Weiss, lodz, naive')
})

describe('a thread that goes wrong', () => {
  const folder = mkdtempSync(join(tmpdir(), 'speech-'))
  const workerFile = join(folder, 'worker.mjs')
  const open: Flite[] = []
  const create = (options = {}) => {
    const flite = openFlite({ workerFile, ...options })
    open.push(flite)
    return flite
  }

  beforeAll(() => {
    const wav = Buffer.from(writeWav(new Int16Array(1_600).fill(5_000))).toString('base64')
    writeFileSync(
      workerFile,
      `import { parentPort } from 'node:worker_threads'
      let jobs = 0
      parentPort.on('message', ({ text }) => {
        jobs += 1
        if (text === 'count') return parentPort.postMessage({ failure: String(jobs) })
        if (text === 'exit') process.exit(1)
        if (text === 'throw') throw new Error('out of order')
        if (text === 'hang') for (;;);
        if (text === 'trap') return parentPort.postMessage({ failure: 'unreachable' })
        if (text === 'noise') return parentPort.postMessage({ wav: new Uint8Array(100) })
        if (text.startsWith('never')) return
        if (text === 'die later') setTimeout(() => process.exit(1), 10)
        setTimeout(() => parentPort.postMessage({ wav: new Uint8Array(Buffer.from('${wav}', 'base64')) }), 5)
      })`,
    )
  })
  afterAll(async () => {
    await Promise.all(open.map((flite) => flite.close()))
    rmSync(folder, { recursive: true })
  })

  it.each(['exit', 'throw', 'trap'])('fails that text only, and the next is spoken (%s)', async (text) => {
    const flite = create()
    const [failed, next] = await Promise.allSettled([flite.speak(text, {}), flite.speak('next', {})])
    expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'voiceFailed' } })
    expect(next).toMatchObject({ status: 'fulfilled' })
  })

  it('is stopped when it takes too long', async () => {
    const flite = create({ timeoutMs: 2_000 })
    const [stuck, next] = await Promise.allSettled([flite.speak('hang', {}), flite.speak('next', {})])
    expect(stuck).toMatchObject({ status: 'rejected', reason: { code: 'timedOut' } })
    expect(next).toMatchObject({ status: 'fulfilled' })
  }, 10_000)

  it('is replaced when it ends while nobody speaks', async () => {
    const flite = create()
    await flite.speak('die later', {})
    await new Promise((resolve) => setTimeout(resolve, 200))
    await expect(flite.speak('next', {})).resolves.toMatchObject({ durationMs: 100 })
  })

  it('never hands out audio that Teams would not play', async () => {
    await expect(create().speak('noise', {})).rejects.toMatchObject({ name: 'SpeechError' })
  })

  it.each([1, 3])('speaks every text of a long queue, in turn (threads: %i)', async (workers) => {
    const flite = create({ workers })
    const texts = Array.from({ length: 30 }, (_, index) => `text ${index}`)
    const spoken: string[] = []
    await Promise.all(texts.map((text) => flite.speak(text, {}).then(() => spoken.push(text))))
    if (workers === 1) expect(spoken).toEqual(texts)
    expect(spoken.sort()).toEqual(texts.sort())
  })

  it('takes turns: a hundred texts of one hold up nobody else', async () => {
    const flite = create({ workers: 1 })
    const spoken: string[] = []
    const say = (text: string, turn: string) => flite.speak(text, { turn }).then(() => spoken.push(turn))
    const all = Array.from({ length: 40 }, (_, n) => say(`text ${n}`, 'publishing'))
    all.push(say('listen', 'somebody'))
    await Promise.all(all)
    expect(spoken.indexOf('somebody')).toBeLessThanOrEqual(2)
  })

  it('keeps a thread free for somebody else while one asks for long texts', async () => {
    const flite = create({ workers: 3 })
    const leaving = new AbortController()
    const asked = { turn: 'one', signal: leaving.signal }
    const long = Promise.allSettled(
      Array.from({ length: 4 }, () => flite.speak(`never ${'and never '.repeat(9)}`, asked)),
    )
    await expect(flite.speak('quick', { turn: 'other' })).resolves.toMatchObject({ durationMs: 100 })
    leaving.abort()
    const outcomes = await long
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'calledOff' } })
  })

  it('gives all threads to one who asks for short texts: callers wait for each of them', async () => {
    const flite = create({ workers: 2 })
    const leaving = new AbortController()
    const stuck = flite.speak('never', { turn: 'one', signal: leaving.signal }).catch(String)
    await expect(flite.speak('quick', { turn: 'one' })).resolves.toMatchObject({ durationMs: 100 })
    leaving.abort()
    await stuck
  })

  it('refuses what is too much of one, and what is too much of all', async () => {
    const flite = create()
    const wanted = (turn: string, count: number) =>
      Array.from({ length: count }, (_, n) => flite.speak(`text ${n}`, { turn }).catch((error) => error.code))
    const ofOne = wanted('one', 60)
    const ofAll = Array.from({ length: 12 }, (_, n) => wanted(`other ${n}`, 50)).flat()
    const outcomes = await Promise.all([flite.close(), ...ofOne, ...ofAll])
    const count = (code: string) => outcomes.filter((outcome) => outcome === code).length
    expect(count('tooMany')).toBe(9) // one is being spoken, 50 wait
    expect(count('busy')).toBe(150)
  })

  it('does not speak what nobody waits for any more, whether it waits or is being spoken', async () => {
    const flite = create({ timeoutMs: 60_000 })
    const [left, waiting] = [new AbortController(), new AbortController()]
    const begun = performance.now()
    const outcomes = Promise.allSettled([
      flite.speak('hang', { signal: left.signal }),
      flite.speak('hang', { signal: waiting.signal }),
      flite.speak('next', {}),
    ])
    waiting.abort()
    left.abort()
    expect(await outcomes).toMatchObject([
      { reason: { code: 'calledOff' } },
      { reason: { code: 'calledOff' } },
      { status: 'fulfilled' },
    ])
    expect(performance.now() - begun).toBeLessThan(20_000)
    await expect(flite.speak('late', { signal: left.signal })).rejects.toMatchObject({ code: 'calledOff' })
  })

  it('ends when it has had nothing to do for a while, and the next begins anew', async () => {
    const flite = create({ idleMs: 300 })
    const jobsOfThread = async () => /(\d+)\)/.exec(String(await flite.speak('count', {}).catch(String)))?.[1]
    expect([await jobsOfThread(), await jobsOfThread()]).toEqual(['1', '2'])
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(await jobsOfThread()).toBe('1')
  })

  it('tells those who wait that it has been closed', async () => {
    const flite = create()
    const outcomes = Promise.allSettled([flite.speak('one', {}), flite.speak('two', {})])
    await flite.close()
    expect(await outcomes).toMatchObject([{ reason: { code: 'closed' } }, { reason: { code: 'closed' } }])
    await expect(flite.speak('three', {})).rejects.toMatchObject({ code: 'closed' })
  })
})
