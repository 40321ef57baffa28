import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isFreeName, readFlow, writeFlow } from '#flow/flow.ts'
import { bundleLimits, flowLimits } from '#flow/flowLimits.ts'
import { emptyFlow, frontDesk } from '#flow/sample.ts'
import { type FileRead, readFlowFile, readFlowText } from './flowFile.ts'

const read = (text: string) => flowIn(readFlowText(new TextEncoder().encode(text)))
/** The flow alone: what else a file may hold is tested in flow/bundle.test.ts. */
const flowIn = (file: FileRead) => ('bundle' in file ? { flow: file.bundle.flow } : file)

it('reads what was exported, also with the mark that editors of Windows put first', async () => {
  expect(read(writeFlow(frontDesk))).toEqual({ flow: frontDesk })
  expect(read(`\ufeff${writeFlow(frontDesk)}`)).toEqual({ flow: frontDesk })
  expect(flowIn(await readFlowFile(new Blob([writeFlow(frontDesk)])))).toEqual({ flow: frontDesk })
})

it('keeps blocks that this program does not know', () => {
  const flow = emptyFlow('Later')
  const sentiment = {
    type: 'sentiment',
    name: 'Mood',
    settings: { deep: [{ x: 1 }] },
    exits: {},
    position: { x: 1, y: 2 },
  }
  const file = { ...flow, blocks: { ...flow.blocks, sentiment } }
  expect(read(JSON.stringify(file))).toEqual({ flow: file })
})

describe('any flow', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 })
  const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/).filter(isFreeName)
  const value = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' })
  const block = fc.record(
    {
      type: fc.oneof(fc.constantFrom('play', 'menu', 'hangUp'), fc.string({ minLength: 1, maxLength: 20 })),
      name: text,
      note: text,
      settings: fc.dictionary(text, value, { maxKeys: 4 }),
      exits: fc.dictionary(name, name, { maxKeys: 4 }),
      position: fc.record({
        x: fc.double({ noNaN: true, noDefaultInfinity: true }),
        y: fc.integer(),
      }),
    },
    { requiredKeys: ['type', 'name', 'settings', 'exits', 'position'] },
  )
  const anyFlow = fc
    .record({
      name: fc.string({ minLength: 1, maxLength: 40 }),
      apology: text,
      onError: fc.option(name),
      variables: fc.dictionary(
        // No word of the language begins so, as `var` and `void` would.
        fc.stringMatching(/^[a-z]{1,8}$/).map((letters) => `v_${letters}`),
        fc.record({ type: fc.constant('text' as const), initial: text }),
        { maxKeys: 3 },
      ),
      blocks: fc.dictionary(name, block, { maxKeys: 6 }),
    })
    // What is kept is what a reader makes of it: without NUL and halves of letters.
    .map((parts) => readFlow(JSON.parse(JSON.stringify({ ...frontDesk, ...parts }))))

  it('comes in as it went out, and goes out as the same bytes', () => {
    fc.assert(
      fc.property(anyFlow, (flow) => {
        const file = writeFlow(flow)
        const again = read(file)
        expect(again).toEqual({ flow })
        expect('flow' in again && writeFlow(again.flow)).toBe(file)
      }),
    )
  })

  it('is the same bytes in whatever order it was put together', () => {
    const reversed = (inner: unknown): unknown =>
      Array.isArray(inner)
        ? inner.map(reversed)
        : typeof inner === 'object' && inner !== null
          ? Object.fromEntries(
              Object.entries(inner)
                .reverse()
                .map(([key, one]) => [key, reversed(one)]),
            )
          : inner
    fc.assert(
      fc.property(anyFlow, (flow) => {
        expect(writeFlow(readFlow(reversed(flow)))).toBe(writeFlow(flow))
      }),
    )
  })

  it('changes by the lines that were changed', () => {
    const menu = frontDesk.blocks.menu
    if (!menu) throw new Error('The sample has no menu.')
    const changed = { ...frontDesk, blocks: { ...frontDesk.blocks, menu: { ...menu, name: 'Other menu' } } }
    const [before, after] = [frontDesk, changed].map((flow) => writeFlow(flow).split('\n'))
    expect(after?.filter((line) => !before?.includes(line))).toEqual(['      "name": "Other menu",'])
  })
})

describe('what is no flow is refused in words that say what to do', () => {
  const many = Object.fromEntries(
    Array.from({ length: flowLimits.blocks + 1 }, (_, n) => [`b${n}`, { ...frontDesk.blocks.welcome }]),
  )
  const keys = (count: number) => [...Array(count).keys()].map((n) => `k${n}`)
  const variables = Object.fromEntries(keys(flowLimits.variables + 1).map((key) => [key, { type: 'text' }]))
  const endless = { ...frontDesk.blocks.welcome, exits: Object.fromEntries(keys(90_000).map((key) => [key, 'a b'])) }
  it.each([
    ['an empty file', '', /no JSON.*Export it again/],
    ['what was cut off', writeFlow(frontDesk).slice(0, 200), /no JSON.*cut off/],
    ['a comma too many', '{"schemaVersion": 1,}', /no JSON/],
    ['another value', '[1, 2]', /no flow of ours/],
    ['null', 'null', /no flow of ours/],
    ['a flow without blocks', '{"schemaVersion": 1, "name": "x"}', /no flow of ours: \w+/],
    ['a later form', '{"schemaVersion": 7}', /later version.*form 7.*up to date/],
    ['too many blocks', JSON.stringify({ ...frontDesk, blocks: many }), /more than 1000 blocks/],
    ['too many variables', JSON.stringify({ ...frontDesk, variables }), /more than .* 500 variables/],
    ['exits without end', JSON.stringify({ ...frontDesk, blocks: { ...frontDesk.blocks, endless } }), /endless\.exits/],
    [
      'a nest deeper than an engine goes',
      `{"schemaVersion":1,"x":${'['.repeat(1e6)}${']'.repeat(1e6)}}`,
      /no flow of ours/,
    ],
    [
      'too much in one block',
      writeFlow(frontDesk).replace('"settings": {', `"settings": {"x": [${'0,'.repeat(3_000)}0],`),
      /2000 values/,
    ],
    ['Twilio Studio', '{"description": "x", "states": [], "initial_state": "Trigger", "flags": {}}', /Twilio Studio/],
    ['Amazon Connect', '{"Version": "2019-10-30", "StartAction": "a", "Actions": []}', /Amazon Connect/],
    ['a nest without end', `${'{"a":'.repeat(80)}1${'}'.repeat(80)}`, /no flow of ours/],
  ])('%s', (_, text, refused) => expect(read(text)).toEqual({ refused: expect.stringMatching(refused) }))

  it('a picture', () => {
    expect(readFlowText(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff]))).toEqual({
      refused: expect.stringMatching(/no text/),
    })
  })

  it('a film, which is not even read', async () => {
    const large = new Blob([new Uint8Array(bundleLimits.bytes + 1)])
    expect(await readFlowFile(large)).toEqual({ refused: expect.stringMatching(/larger than 8 MB/) })
  })
})
