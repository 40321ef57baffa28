import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineScript, msOf, parseScript, type Script, ScriptError, type Step } from './script.ts'
import { formatScriptYaml, parseScriptYaml } from './scriptYaml.ts'

/** The problems of a script, as people read them. */
function problemsOf(text: string): string[] {
  try {
    parseScriptYaml(text)
  } catch (error) {
    if (error instanceof ScriptError) return error.message.split('\n')
    throw error
  }
  throw new Error('nothing is wrong with it')
}
const withSteps = (...steps: string[]) =>
  `calls:\n  - from: { phone: "+14255550142" }\n    do:\n${steps.map((step) => `      - ${step}\n`).join('')}`

const folder = join(import.meta.dirname, 'examples')

describe('a script', () => {
  it.each(readdirSync(folder))('%s is right, and reads the same when it is written anew', (file) => {
    const script = parseScriptYaml(readFileSync(join(folder, file), 'utf8'))
    expect(parseScriptYaml(formatScriptYaml(script))).toEqual(script)
  })

  it('reads the same in YAML, JSON and TypeScript', () => {
    const script = defineScript({
      people: [{ name: 'Ann', 'when called': 'answer after 3s', 'once in': [{ 'wait for prompt': '*' }, 'leave'] }],
      calls: [{ from: 'Ann', to: 'the bot', do: [{ press: '1#' }, { 'wait for end': '1m', otherwise: 'hang up' }] }],
    })
    expect(parseScriptYaml(JSON.stringify(script))).toEqual(script)
    expect(
      parseScriptYaml(`
people: [{ name: Ann, when called: answer after 3s, once in: [wait for prompt: "*", leave] }]
calls:
  - from: Ann
    to: the bot
    do:
      - press: 1#
      - wait for end: 1m
        otherwise: hang up
`),
    ).toEqual(script)
  })

  it('tells how long in four units', () => {
    expect(['500ms', '1.5s', '2m', '1h', '3', 'soon'].map(msOf)).toEqual([500, 1500, 120_000, 3_600_000, NaN, NaN])
  })
})

describe('what is wrong with a script is told with line and column', () => {
  it.each([
    ['a key without quotes', withSteps('press: 1'), 'line 4, column 16: calls 1, do 1, press: put the keys in quotes'],
    ['a key that no telephone has', withSteps('press: "1x"'), 'line 4, column 16: calls 1, do 1, press: must be keys'],
    ['a time without a unit', withSteps('wait: 3'), 'line 4, column 15: calls 1, do 1, wait: write how long as 500ms'],
    ['more than a day', withSteps('wait: 25h'), 'line 4, column 15: calls 1, do 1, wait: at most 24h'],
    [
      'a step that there is not',
      withSteps('wait: 3s', 'sing'),
      'line 5, column 9: calls 1, do 2: there is no such step',
    ],
    [
      'a step without its value',
      withSteps('press'),
      'line 4, column 9: calls 1, do 1: "press" needs something after it',
    ],
    [
      'two steps in one',
      withSteps('{ wait: 3s, press: "1" }'),
      'line 4, column 9: calls 1, do 1: a step does one thing',
    ],
    [
      'a key that is not known',
      withSteps('{ wait: 3s, within: 5s }'),
      'line 4, column 21: calls 1, do 1: there is no "within"',
    ],
    ['a star without quotes', withSteps('wait for prompt: *'), 'line 4, column 26: write "*" in quotes'],
    [
      'an expectation of nothing',
      withSteps('expect: {}'),
      'line 4, column 17: calls 1, do 1, expect: must say what is expected',
    ],
    [
      'a step within steps',
      withSteps('{ wait for prompt: x, otherwise: [{ repeat: 2, do: [{ speak: loudly }] }] }'),
      'line 4, column 70: calls 1, do 1, otherwise 1, do 1, speak: must be a time',
    ],
    [
      'nobody of that name',
      'calls:\n  - from: Ann\n    do: []',
      'line 2, column 11: calls 1, from: name this one under people',
    ],
    [
      'a name given twice',
      'people:\n  - name: Ann\n  - name: Ann',
      'line 3, column 11: people 2, name: this name is taken',
    ],
    [
      'no such meeting',
      'people:\n  - name: Ann\n    do: [join meeting: x]',
      'line 3, column 24: people 1, do 1, join meeting: there is no such meeting',
    ],
    [
      'who declines and then acts',
      'people:\n  - name: Ann\n    when called: decline\n    once in: [leave]',
      'line 4, column 14: people 1, once in: who does not answer does nothing',
    ],
    ['the same key twice', 'people: []\npeople: []', 'line 2, column 1: Map keys must be unique'],
    ['nothing to do', 'people: [{ name: Ann }]', 'line 1, column 1: nobody does anything'],
    ['no YAML', 'people: [', 'line 1, column 10: Flow sequence'],
    ['no script', 'hello', 'line 1, column 1: a script has people, meetings and calls'],
    [
      'too many steps',
      withSteps('repeat: 100\n        do: [{ repeat: 100, do: [leave] }]'),
      'calls 1: takes more than 5000 steps',
    ],
  ])('%s', (_what, text, problem) => {
    expect(problemsOf(text).join('\n')).toContain(problem)
  })

  it('tells all at once, in order', () => {
    const lines = problemsOf(`${withSteps('press: 1', 'wait: 3')}peeple: []\n`).map((line) => line.split(',')[0])
    expect(lines).toEqual(['line 4', 'line 5', 'line 6'])
  })
})

// Names and texts that YAML would read as something else are among them: "yes", "1", "*", "- a".
const text = fc.oneof(
  fc.constantFrom('yes', '1', '*', '- a', 'a: b', '# no', 'null', '"', "'", '“ä”', ' x', 'x '),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
)
const duration = fc
  .tuple(fc.integer({ min: 0, max: 1000 }), fc.constantFrom('ms', 's', 'm'))
  .map(([count, unit]) => `${count}${unit}`)
const maybe = { requiredKeys: [] as never[] }
const { step } = fc.letrec<{ step: Step; steps: Step[] }>((tie) => ({
  steps: fc.array(tie('step'), { maxLength: 3 }),
  step: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Step>('hang up', 'leave', 'mute', 'share', 'wait for end', 'wait for prompt'),
    fc.record({ wait: duration }),
    fc.record({ press: fc.constantFrom('1', '*#', '007', 'aB!'), gap: duration }, { requiredKeys: ['press'] }),
    fc.record({ speak: fc.constantFrom('2s', 'hello.wav') }),
    fc.record({ expect: fc.record({ heard: text, code: fc.integer(), 'ended by': fc.constantFrom('bot', 'caller') }) }),
    fc.record(
      {
        'wait for prompt': text,
        within: duration,
        'to the end': fc.boolean(),
        otherwise: fc.oneof(fc.constant('go on'), tie('step'), tie('steps')),
      },
      { requiredKeys: ['wait for prompt'] },
    ),
    fc.record({ repeat: fc.integer({ min: 1, max: 10 }), do: tie('steps') }),
  ) as fc.Arbitrary<Step>, // the literal words widen to string
}))
const script: fc.Arbitrary<Script> = fc
  .record(
    {
      within: duration,
      people: fc.uniqueArray(
        fc.record({
          name: text.filter((name) => name !== 'the bot' && name !== 'everyone'),
          id: text,
          do: fc.array(step),
        }),
        { selector: ({ name }) => name, maxLength: 3 },
      ),
      calls: fc.array(
        fc.record({ from: fc.constant({ phone: '+14255550142' }), do: fc.array(step, { maxLength: 5 }) }),
      ),
      sounds: fc.dictionary(fc.constantFrom('hello.wav', 'yes.wav'), fc.base64String()),
    },
    maybe,
  )
  .filter(({ people = [], calls = [] }) => calls.length > 0 || people.some((one) => one.do))

it('reads back every script that it writes', () => {
  fc.assert(
    fc.property(script, (one) => {
      expect(parseScriptYaml(formatScriptYaml(one))).toEqual(one)
    }),
    { numRuns: 300 },
  )
})

it('says its own error to whatever it cannot read', () => {
  const readsOrRefuses = (input: string) => {
    try {
      parseScriptYaml(input)
    } catch (error) {
      expect(error).toBeInstanceOf(ScriptError)
    }
  }
  const yaml = fc.array(
    fc.constantFrom(
      'people',
      'calls',
      'do',
      ': ',
      '- ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      '!!x ',
      '"',
      '|',
      '>',
      '---\n',
      '? ',
      '%',
      '\t',
      'é',
      '\0',
      '<<',
      '__proto__',
    ),
    { maxLength: 40 },
  )
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), readsOrRefuses), { numRuns: 1000 })
  fc.assert(
    fc.property(yaml, (parts) => readsOrRefuses(parts.join(''))),
    { numRuns: 2000 },
  )
  fc.assert(fc.property(fc.json(), readsOrRefuses), { numRuns: 300 })
  // A script, broken in one place.
  const whole = readFileSync(join(folder, 'incident.yaml'), 'utf8')
  const cut = fc.tuple(fc.nat(whole.length), fc.nat(30), fc.string({ maxLength: 5 }))
  fc.assert(
    fc.property(cut, ([at, count, instead]) => readsOrRefuses(whole.slice(0, at) + instead + whole.slice(at + count))),
    { numRuns: 300 },
  )
  for (const deep of [
    '['.repeat(20_000),
    '- '.repeat(5000),
    '{a: '.repeat(5000),
    `${'['.repeat(3000)}${']'.repeat(3000)}`,
  ]) {
    readsOrRefuses(deep)
  }
})

describe('what is no script keeps nobody waiting', () => {
  /** Its problems, and that they were found in no time. Before, each of these took from seconds to minutes. */
  function refused(read: () => unknown): ScriptError {
    const started = performance.now()
    try {
      read()
    } catch (error) {
      expect(performance.now() - started).toBeLessThan(4000)
      if (error instanceof ScriptError) return error
      throw error
    }
    throw new Error('it was taken')
  }
  const keys = (count: number) => Array.from({ length: count }, (_, place) => `k${place}: 1\n`).join('')
  const doing = (steps: unknown) => ({ calls: [{ from: { phone: '+14255550123' }, do: steps }] })

  it('a megabyte of blanks for a sound', () => {
    const blanks = `${' '.repeat(1_000_000)}!`
    expect(refused(() => parseScript({ ...doing([]), sounds: { 'a.wav': blanks } })).message).toContain('base64')
  })

  it.each([
    ['sixty thousand keys', keys(60_000)],
    ['as many in one line', `{${keys(60_000).replaceAll('\n', ', ')}}`],
    ['many lines that look like sounds', `- ${'a'.repeat(60)}\n`.repeat(100_000)],
    ['a text of three hundred kilobytes', `# ${'no script '.repeat(30_000)}`],
  ])('%s', (_what, text) => {
    expect(refused(() => parseScriptYaml(text)).message).toContain('too large to be a script')
  })

  it('tells of twenty problems at most, in no time', () => {
    expect(refused(() => parseScriptYaml(keys(10_000))).problems).toHaveLength(20)
    const names = Array.from({ length: 30_000 }, (_, place) => place.toString(36)).join()
    expect(refused(() => parseScriptYaml(`{${names}}`)).problems).toHaveLength(20)
    const strangers = Array.from({ length: 450 }, () => ({ admit: 'nobody' }))
    expect(refused(() => parseScript(doing(strangers))).problems).toHaveLength(20)
  })

  it('steps that are nested five thousand times, or an endless object', () => {
    let steps: unknown = ['leave']
    for (let depth = 0; depth < 5000; depth += 1) steps = [{ repeat: 1, do: steps }]
    expect(refused(() => parseScript(doing(steps))).message).toContain('nested more than 100 levels')
    const endless: Record<string, unknown> = {}
    endless.people = endless
    expect(refused(() => parseScript(endless)).message).toContain('nested more than 100 levels')
    expect(refused(() => parseScript(Array(60_000).fill(1))).message).toContain('more than 50000')
  })

  it('and a large sound is still no trouble, in one line or in many', () => {
    const sound = 'a'.repeat(1_000_000)
    const folded = sound.replaceAll(/.{76}/g, '$&\n      ')
    for (const text of [`"${sound}"`, `>-\n      ${folded}`]) {
      const script = parseScriptYaml(`${withSteps('leave')}sounds:\n  a.wav: ${text}\n`)
      expect(script.sounds?.['a.wav']?.replaceAll(/\s/g, '')).toBe(sound)
    }
  })
})
