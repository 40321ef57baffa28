import { expect, it } from 'vitest'
import { type TemplateId, templateIds, templates } from '#flow/templates/index.ts'
import { hasValues } from '#flow/text.ts'
import { cardOf } from './templateCard.ts'

const cards = templateIds.map((id) => cardOf(id, templates[id]))
const of = (id: TemplateId) => cards.find((card) => card.id === id)

it('says what callers hear until they are asked, or until it depends', () => {
  expect(of('phoneMenu')?.heard).toEqual([
    'Hello, and thank you for calling.',
    expect.stringMatching(/^For sales, press 1/),
  ])
  expect(of('openingHours')?.heard).toEqual(['Hello, and thank you for calling.'])
  expect(of('voicemail')?.heard).toEqual([expect.stringMatching(/voicemail/), expect.stringMatching(/after the tone/)])
})

it('says what is to be set', () => {
  expect(Object.fromEntries(cards.map(({ id, toSet }) => [id, toSet]))).toEqual({
    phoneMenu: ['numbers', 'messages', 'called'],
    openingHours: ['hours', 'numbers', 'messages', 'called'],
    voicemail: ['messages', 'called'],
    callbackRequest: ['hours', 'called'],
    ticketLookUp: ['numbers', 'service', 'messages', 'called'],
    survey: ['called'],
    emergencyMessage: ['numbers', 'announcement', 'messages', 'called'],
  })
})

it.each(cards)('$id has words to be heard that stand fast, and a picture in which no box lies on another', (card) => {
  expect(card.heard.length).toBeGreaterThan(0)
  expect(card.heard.some(hasValues)).toBe(false)
  const { boxes, lines, width, height } = card.picture
  expect(new Set(boxes.map(({ x, y }) => `${x} ${y}`)).size).toBe(card.blocks)
  expect(lines.length).toBeGreaterThan(boxes.length / 2)
  expect(Math.max(...boxes.map(({ x }) => x))).toBeLessThan(width)
  expect(Math.max(...boxes.map(({ y }) => y))).toBeLessThan(height)
})
