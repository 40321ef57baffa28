import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Stands between a test and the server at `url`, so that the server seems to be away while others use it. */
export async function openWire(url: string) {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let state: 'open' | 'cut' | 'frozen' = 'open'

  const server = createServer((near) => {
    keep(near)
    if (state === 'cut') return near.destroy()
    if (state === 'frozen') return
    const far = keep(connect(Number(target.port), target.hostname))
    near.pipe(far).pipe(near)
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  // A server that listens on a port of TCP has an address with a port.
  const { port } = server.address() as AddressInfo
  const own = new URL(url)
  own.host = `127.0.0.1:${port}`

  function keep(socket: Socket): Socket {
    sockets.add(socket)
    socket.on('error', () => {}) // A broken connection is what this is for.
    socket.once('close', () => sockets.delete(socket))
    return socket
  }

  return {
    /** The same as the server's, through the wire. */
    url: own.href,
    /** Breaks all connections, and refuses new ones. */
    cut() {
      state = 'cut'
      for (const socket of sockets) socket.destroy()
    },
    /** Lets nothing through any more, and breaks nothing: a server that hangs. */
    freeze() {
      state = 'frozen'
      for (const socket of sockets) socket.unpipe()
    },
    /** As before; after `freeze`, for new connections only. */
    mend() {
      state = 'open'
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((done) => server.close(done))
    },
  }
}
