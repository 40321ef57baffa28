import { createSocket } from 'node:dgram'
import { readFile } from 'node:fs/promises'
import { expect, it, onTestFinished } from 'vitest'
import { addressesOf } from './resolve.ts'

const [typeA, typeAaaa] = [1, 28]

/** A name server that answers questions of one type with these bytes, and is silent about all others. */
async function nameServer(type: number, data: number[] | null): Promise<string> {
  const socket = createSocket('udp4')
  socket.on('message', (question, from) => {
    const end = question.indexOf(0, 12) + 5
    if (question.readUInt16BE(end - 4) !== type || data === null) return
    const answer = Buffer.concat([question.subarray(0, end), Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 9, 0])])
    answer.writeUInt16BE(0x8180, 2)
    answer.writeUInt16BE(1, 6)
    answer.writeUInt32BE(0, 8)
    socket.send(Buffer.concat([answer, Buffer.from([data.length, ...data])]), from.port, from.address)
  })
  await new Promise<void>((bound) => socket.bind(0, '127.0.0.1', bound))
  onTestFinished(() => void socket.close())
  return `127.0.0.1:${socket.address().port}`
}

it('asks the name servers, and does not wait long for the family that they do not tell', async () => {
  expect(await addressesOf('crm.example.com', { servers: [await nameServer(typeA, [93, 184, 216, 34])] })).toEqual([
    { address: '93.184.216.34', family: 4 },
  ])
  const six = await nameServer(typeAaaa, [0x26, 6, 0x28, 0, ...Array<number>(11).fill(0), 1])
  expect(await addressesOf('crm.example.com', { servers: [six] })).toEqual([{ address: '2606:2800::1', family: 6 }])
})

it('gives up a name server that is silent, and holds no thread meanwhile', async () => {
  const servers = [await nameServer(typeA, null)]
  let over = 0
  const asked = Array.from({ length: 16 }, () =>
    addressesOf('crm.example.com', { servers, patienceMs: 1_000 }).finally(() => {
      over += 1
    }),
  )
  const all = Promise.allSettled(asked)
  await readFile(new URL(import.meta.url))
  expect(over).toBe(0)
  expect((await all).map((one) => one.status)).toEqual(Array(16).fill('rejected'))
})

it.each(['localhost', 'crm.localhost'])('knows that %s is this machine, whatever a name server says', async (name) => {
  const servers = [await nameServer(typeA, [93, 184, 216, 34])]
  expect((await addressesOf(name, { servers })).map(({ address }) => address)).toEqual(['127.0.0.1', '::1'])
})
