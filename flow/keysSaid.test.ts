import { expect, it } from 'vitest'
import { keysSaid } from './keysSaid.ts'

it.each([
  ['For sales, press 1. For support, press 2.', '12'],
  ['Press three for directions, or dial 0 at any time.', '30'],
  ['press 1, 2 or 3', '123'],
  ['Press 4 and 5.', '45'],
  ['Press the star key to go back, hit pound to end.', '*#'],
  ['Press * or #.', '*#'],
  ['Enter your number, then press the hash key.', '#'],
  ['PRESS ONE NOW', '1'],
  ['By pressing 1 you agree.', '1'],
  ['Press key 7.', '7'],
  ['Press the number nine key.', '9'],
  ['Press 1 or stay on the line.', '1'],
  // None of these names a key.
  ['Press 3 seconds long.', ''],
  ['Press and hold for 3 seconds.', ''],
  ['Press 3 times.', ''],
  ['Dial 911.', ''],
  ['Dial 0800 123 456.', ''],
  ['Dial 1-800-555-0100.', ''],
  ['Our press office opens at 9.', ''],
  ['We have 3 offices. For sales, say sales.', ''],
  ['Type your 5 digits.', ''],
  ['Press one of the keys.', ''],
  ['Depress 3.', ''],
])('in %j hears %j', (text, keys) => expect(keysSaid(text).join('')).toBe(keys))

it.each([
  ['For help, press 3 star.', '3*'],
  ['Press 3* for help.', '3*'],
  ['Press three, then the star key, for help.', '3*'],
  ['Press 3 and then star, or press 1.', '3* 1'],
  ['Press star 9.', '*9'],
  ['Press 3 or star.', '3 *'],
])('of options of several keys in %j hears %j', (text, keys) =>
  expect(keysSaid(text, ['3*', '*9']).join(' ')).toBe(keys),
)
