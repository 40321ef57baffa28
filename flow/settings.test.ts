import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { defaultsOf, repair, settingsIssue } from './settings.ts'

const schema = z.object({
  prompt: z.string().min(1).max(5),
  times: z.number().int().min(0).max(9).default(2),
  keys: z.array(z.string().regex(/^\d$/)).min(1).max(3).default(['1']),
  how: z.enum(['off', 'on']).default('off'),
  lucky: z
    .number()
    .refine((n) => n !== 13, 'unlucky')
    .default(7),
})
const defaults = defaultsOf(schema, { prompt: '' })

describe('settings of a new block', () => {
  it('are the defaults of the schema, and what it has none for', () => {
    expect(defaults).toEqual({ prompt: '', times: 2, keys: ['1'], how: 'off', lucky: 7 })
  })

  it('may say otherwise than the schema', () => {
    expect(defaultsOf(schema, { prompt: '', times: 0 }).times).toBe(0)
  })

  it('are new ones each time', () => {
    const [first, second] = [defaultsOf(schema, {}), defaultsOf(schema, {})]
    expect(first.keys).not.toBe(second.keys)
  })
})

describe('settings that are not right', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['nothing at all', {}, { prompt: '', times: 2, keys: ['1'], how: 'off' }],
    ['a number of the wrong kind', { times: 'two' }, { times: 'two' }],
    ['a number too high', { times: 99 }, { times: 2 }],
    ['items of a list', { keys: ['1', 'x', 3, '2'] }, { keys: ['1', '2'] }],
    ['the beginning of an endless list', { keys: Array(1000).fill('7') }, { keys: Array(200).fill('7') }],
    ['a list that is none', { keys: { 0: '1' } }, { keys: ['1'] }],
    ['a text that is no list', { keys: '1' }, { keys: ['1'] }],
    ['a text too long', { prompt: 'too long' }, { prompt: 'too long' }],
    ['a setting that there is not', { colour: 'red' }, { colour: undefined }],
  ])('are brought into form: %s', (_, settings, expected) => {
    expect(repair(schema, settings, defaults)).toMatchObject(
      Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined)),
    )
    expect(Object.keys(repair(schema, settings, defaults))).toEqual(Object.keys(schema.shape))
  })

  it.each<[string, Record<string, unknown>, string, string, string]>([
    ['is missing', { prompt: undefined }, 'prompt', 'required', ''],
    ['is empty', { prompt: '' }, 'prompt', 'required', '1'],
    ['is an empty list', { keys: [] }, 'keys', 'required', '1'],
    ['is null', { prompt: null }, 'prompt', 'invalid_type', ''],
    ['is of the wrong kind', { times: 'two' }, 'times', 'invalid_type', ''],
    ['is too low', { times: -1 }, 'times', 'too_small', '0'],
    ['is too high', { times: 10 }, 'times', 'too_big', '9'],
    ['is too long', { prompt: 'too long' }, 'prompt', 'too_big', '5'],
    ['has a wrong part', { keys: ['1', 'x'] }, 'keys.1', 'invalid_format', ''],
    ['is no choice', { how: 'maybe' }, 'how', 'invalid_value', ''],
    ["is wrong by a rule of the schema's own", { lucky: 13 }, 'lucky', 'unlucky', ''],
  ])('say why: one %s', (_, wrong, field, code, detail) => {
    const { error } = schema.safeParse({ prompt: 'Hello', ...wrong }, { reportInput: true })
    expect(error?.issues.map(settingsIssue)).toEqual([{ field, code, detail }])
  })
})
