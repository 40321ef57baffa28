import { expect, it } from 'vitest'
import { kinds } from '#flow/kinds.ts'
import { isControl } from './controls.ts'
import { fieldsOf } from './fields.ts'

it('every setting of every kind has a control', () => {
  const missing = kinds.flatMap(({ type, settings }) =>
    fieldsOf(settings)
      .filter(({ control }) => !isControl(control))
      .map(({ name, control }) => `${type}.${name}: ${control}`),
  )
  expect(missing).toEqual([])
})
