import { createServer } from 'node:http'
import next from 'next'
import { readSettings, type Settings } from './server/settings.ts'

/** The designer's process. Next's own would wait for five minutes for a body that does not come. */

const { port, host: hostname } = settings()

function settings(): Settings {
  try {
    return readSettings(process.env)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}

const server = createServer({
  requestTimeout: 15_000,
  headersTimeout: 10_000,
  connectionsCheckingInterval: 2_000, // so that a stalled request ends within 20 s
})
const app = next({ dev: false, hostname, port, httpServer: server })
await app.prepare()
const handle = app.getRequestHandler()
server.on('request', (request, response) => {
  // Next makes a Request of all that comes, which knows no TRACE: its answer would be 500.
  if (request.method === 'TRACE') response.writeHead(405, { connection: 'close' }).end()
  else void handle(request, response)
})
server.listen(port, hostname, () => console.log(`designer: http://${hostname}:${port}`))
server.on('error', (error) => {
  console.error(`designer: ${error.message}`)
  process.exit(1)
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.closeAllConnections() // event streams have no end of their own
    server.close(() => process.exit(0))
  })
}
