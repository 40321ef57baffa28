import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { hearHeldKeys, hearKey, noKeys } from './keys.ts'

/** Delivers `5@2 1@1` and tells what was heard after each delivery; a `.` is the end of the wait. */
function deliver(deliveries: string) {
  let keys = noKeys
  return deliveries.split(' ').map((delivery) => {
    const [key = '', sequence = ''] = delivery.split('@')
    const result = delivery === '.' ? hearHeldKeys(keys) : hearKey(keys, key, Number(sequence))
    keys = result.keys
    return `${result.heard}${result.waiting ? '…' : ''}`
  })
}

it.each([
  ['keys in order are heard at once', '5@1 1@2 2@3', ['5', '1', '2']],
  ['sequences may begin at 0', '5@0 1@1', ['5', '1']],
  ['a key that comes twice is heard once', '5@1 5@1 1@2 5@1', ['5', '', '1', '']],
  ['the same key pressed twice is heard twice', '5@1 5@2', ['5', '5']],
  ['a key ahead of its turn is held for the one before it', '5@1 2@3 1@2', ['5', '…', '12']],
  ['several keys in reverse are heard in order', '5@1 3@4 2@3 1@2', ['5', '…', '…', '123']],
  ['a held key that comes twice is held once', '5@1 2@3 2@3 1@2', ['5', '…', '…', '12']],
  ['a gap that is not filled is passed over when the wait ends', '5@1 2@3 3@4 . 4@5', ['5', '…', '…', '23', '4']],
  ['a key that comes after its gap was passed over is dropped', '5@1 2@3 . 1@2', ['5', '…', '2', '']],
  ['only the keys after the second gap stay held', '5@1 2@3 4@5 1@2 .', ['5', '…', '…', '12…', '4']],
  ['a first key with a higher number waits a moment', '7@12 . 8@13', ['…', '7', '8']],
  ['the first keys of a call may come in reverse', '2@2 1@1', ['…', '12']],
  ['nothing is heard when nothing is held', '.', ['']],
])('%s', (_, deliveries, heard) => expect(deliver(deliveries)).toEqual(heard))

it('hears every key once and in order, whatever the order and the repetitions of delivery', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...'0123456789*#'), { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(), { minLength: 24, maxLength: 24 }),
      (pressed, dice) => {
        const twice = [...pressed.keys(), ...pressed.keys()]
        const shuffled = twice.map((n, i) => ({ n, die: dice[i] ?? 0 })).sort((a, b) => a.die - b.die)
        let keys = noKeys
        let heard = ''
        for (const { n } of shuffled) {
          const result = hearKey(keys, pressed[n] ?? '', n + 1)
          keys = result.keys
          heard += result.heard
        }
        expect(heard).toBe(pressed.join(''))
        expect(keys.held).toEqual([])
      },
    ),
    { numRuns: 200 },
  )
})
