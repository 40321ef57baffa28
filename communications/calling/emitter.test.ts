import { expect, it } from 'vitest'
import { createEmitter } from './emitter.ts'

type Events = { first: number; second: number }

function open() {
  const errors: unknown[] = []
  return { errors, emitter: createEmitter<Events>((error) => errors.push(error)) }
}

it('everybody hears everything in the same order, also what a handler brings about', () => {
  const { emitter } = open()
  const heard: string[] = []
  emitter.on('first', (news) => emitter.emit('second', news))
  emitter.on('second', () => heard.push('second'))
  emitter.on('first', () => heard.push('first'))
  emitter.emit('first', 1)
  expect(heard).toEqual(['first', 'second'])
})

it('once is once, and what is ended hears no more', () => {
  const { emitter } = open()
  const heard: number[] = []
  emitter.once('first', (news) => heard.push(news))
  const off = emitter.on('first', (news) => heard.push(news * 10))
  emitter.emit('first', 1)
  emitter.emit('first', 2)
  off()
  emitter.emit('first', 3)
  expect(heard).toEqual([1, 10, 20])
})

it('a handler that fails, now or later, stops nobody and is told', async () => {
  const { emitter, errors } = open()
  const heard: number[] = []
  emitter.on('first', () => {
    throw new Error('now')
  })
  emitter.on('first', async () => {
    throw new Error('later')
  })
  emitter.on('first', (news) => heard.push(news))
  emitter.emit('first', 1)
  await new Promise(setImmediate)
  expect(heard).toEqual([1])
  expect(errors).toEqual([new Error('now'), new Error('later')])
})

it('what fails where errors go stops nobody, and ends no process', async () => {
  const unhandled: unknown[] = []
  const note = (error: unknown) => unhandled.push(error)
  process.on('unhandledRejection', note)
  const heard: number[] = []
  for (const fails of [
    () => {
      throw new Error('now')
    },
    async () => {
      throw new Error('later')
    },
  ]) {
    const emitter = createEmitter<Events>(fails)
    emitter.on('first', () => {
      throw new Error('a fault of the bot')
    })
    emitter.on('first', (news) => heard.push(news))
    emitter.emit('first', 1)
  }
  await new Promise(setImmediate)
  process.off('unhandledRejection', note)
  expect({ heard, unhandled }).toEqual({ heard: [1, 1], unhandled: [] })
})
