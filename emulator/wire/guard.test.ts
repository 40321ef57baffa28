import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterAll, expect, it } from 'vitest'
import { buildEmulator } from '../emulator.ts'
import { appId, secret, tenantId } from '../testing/testLine.ts'
import { isFromHere } from './guard.ts'

/** Emulators that listen everywhere, as with EMULATOR_HOST=0.0.0.0. */
const app = { appId, secret, tenantId, webhook: null, permissions: [] }
const open = buildEmulator({ apps: [app] }).server
const named = buildEmulator({ apps: [app], controlHosts: ['emulator'] }).server
const portOf = async (server: typeof open) => Number(new URL(await server.listen({ host: '0.0.0.0', port: 0 })).port)
const [openPort, namedPort] = [await portOf(open), await portOf(named)]
afterAll(async () => {
  await open.close()
  await named.close()
})

/** Asks for the calls with these lines in place of one Host header, and gives the status. */
const ask = (port: number, address: string, ...hosts: string[]) =>
  new Promise<number>((resolve, reject) => {
    const socket = connect(port, address, () => {
      const lines = ['GET /emulator/calls HTTP/1.1', ...hosts.map((host) => `Host: ${host}`), 'Connection: close']
      socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    })
    let text = ''
    socket.on('data', (part) => {
      text += part
    })
    socket.on('end', () => resolve(Number(text.split(' ')[1]))).on('error', reject)
  })

it('refuses two Host headers in the control API, whichever comes first', async () => {
  expect(await ask(openPort, '127.0.0.1', 'localhost')).toBe(200)
  expect(await ask(openPort, '127.0.0.1', 'localhost', 'evil.example')).toBe(403)
  expect(await ask(openPort, '127.0.0.1', 'evil.example', 'localhost')).toBe(403)
})

/** An address by which another machine would come in; none where there is no network. */
const ours = Object.values(networkInterfaces())
  .flat()
  .find((one) => one && !one.internal && one.family === 'IPv4')?.address

it.skipIf(!ours)('lets nobody from elsewhere say that they are here, unless hosts are named', async () => {
  const from = ours ?? ''
  expect(await ask(openPort, from, 'localhost')).toBe(403)
  expect(await ask(namedPort, from, 'emulator')).toBe(200)
  expect(await ask(namedPort, from, 'evil.example')).toBe(403)
})

it('knows connections of this machine by their addresses', () => {
  for (const address of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) expect(isFromHere(address)).toBe(true)
  for (const address of [undefined, '', '10.0.0.1', '::', '::ffff:10.0.0.1', '1127.0.0.1', 'fe80::1', '127.0.0.1.2'])
    expect(isFromHere(address)).toBe(false)
})
