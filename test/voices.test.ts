import { expect, it } from 'vitest'
import { builtInVoices } from '#flow/prompt.ts'
import { openFlite } from '#speech/flite.ts'

// Neither room looks into the other: the check of a flow is told which voices there are.
it('a flow is checked against the languages that the built-in voice speaks', () => {
  expect(openFlite().languages).toEqual(builtInVoices)
})
