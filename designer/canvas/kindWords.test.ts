import { expect, it } from 'vitest'
import { kinds } from '#flow/kinds.ts'
import { designerMessages } from '../messages/designer.ts'
import { findKinds, missingKind } from './kindWords.ts'

const first = (text: string) => findKinds(kinds, text)[0]?.type

it.each([
  ['prompt', 'play'],
  ['play', 'play'],
  ['Say', 'play'],
  ['gather', 'menu'],
  ['ivr', 'menu'],
  ['menu', 'menu'],
  ['pin', 'collectDigits'],
  ['voicemail', 'recordMessage'],
  ['record', 'recordMessage'],
  ['if', 'branch'],
  ['forward', 'transferToPerson'],
  ['hours', 'businessHours'],
  ['holiday', 'businessHours'],
  ['queue', 'transferToQueue'],
  ['external', 'transferToNumber'],
  ['END', 'hangUp'],
])('“%s” finds %s first', (text, type) => expect(first(text)).toBe(type))

it.each(['recognition'])('what there is no block for yet is said: %s', (text) => {
  expect(findKinds(kinds, text)).toEqual([])
  expect(missingKind(text)).not.toBeNull()
})

it('nothing written finds all, and nonsense nothing', () => {
  expect(findKinds(kinds, ' ')).toHaveLength(kinds.length)
  expect([findKinds(kinds, 'zebra'), missingKind('zebra'), missingKind('')]).toEqual([[], null, null])
})

it('every kind but the first one is known by other words', () => {
  const known = Object.keys(designerMessages.palette.alsoCalled)
  expect(kinds.map(({ type }) => type).filter((type) => !known.includes(type))).toEqual(['incomingCall'])
})
