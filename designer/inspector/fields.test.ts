import { expect, it } from 'vitest'
import * as z from 'zod'
import { kindOf, kinds } from '#flow/kinds.ts'
import { flowMessages } from '#flow/messages/index.ts'
import { fieldsOf, isShown } from './fields.ts'

const fields = (type: string) => fieldsOf(kindOf(type)?.settings ?? z.object({}))
const field = (type: string, name: string) => fields(type).find((one) => one.name === name)

it('fields come in the order of the settings, with section, bounds and control', () => {
  expect(
    fields('menu')
      .map(({ name }) => name)
      .slice(0, 4),
  ).toEqual(['prompt', 'bargeIn', 'options', 'waitSeconds'])
  expect(field('menu', 'waitSeconds')).toMatchObject({ control: 'seconds', section: 'noInput', least: 1, most: 60 })
  expect(field('menu', 'maxRetries')).toMatchObject({ control: 'timesOrNone', more: true, section: null })
})

it('what has no default must be filled in', () => {
  expect(field('menu', 'prompt')?.required).toBe(true)
  expect(field('menu', 'noInputPrompt')?.required).toBe(false)
})

it('choices and fitting types of variables are read from the schema', () => {
  expect(field('play', 'bargeIn')?.choices).toEqual(['off', 'anyKey', 'keys'])
  expect(field('collectDigits', 'variable')?.types).toEqual(['digits', 'text', 'secret'])
})

it('a field is shown only while other settings ask for it', () => {
  const keys = field('play', 'keys')
  expect(keys && isShown(keys, { bargeIn: 'off' })).toBe(false)
  expect(keys && isShown(keys, { bargeIn: 'keys' })).toBe(true)
})

it('every setting of every kind has a title', () => {
  const missing = kinds.flatMap(({ type, settings }) =>
    fieldsOf(settings)
      .filter(({ name }) => !flowMessages.blocks[type]?.fields[name]?.title)
      .map(({ name }) => `${type}.${name}`),
  )
  expect(missing).toEqual([])
})

it('every choice has a word', () => {
  const missing = kinds.flatMap(({ type, settings }) =>
    fieldsOf(settings).flatMap(({ name, choices }) =>
      choices.filter((choice) => !flowMessages.blocks[type]?.fields[name]?.choices?.[choice]),
    ),
  )
  expect(missing).toEqual([])
})

it('a kind that nobody here has heard of gets a form from its schema alone', () => {
  const fromPlugIn = z.object({ greeting: z.string(), loud: z.boolean().default(false).meta({ control: 'switch' }) })
  expect(fieldsOf(fromPlugIn).map(({ name, control, required }) => ({ name, control, required }))).toEqual([
    { name: 'greeting', control: 'string', required: true },
    { name: 'loud', control: 'switch', required: false },
  ])
})
