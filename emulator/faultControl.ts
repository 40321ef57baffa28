import type { FastifyInstance } from 'fastify'
import { type Faults, faultSchema, scheduleSchema } from './faults.ts'
import { parseOrRefuse } from './refusal.ts'

/** The control API's part about what shall go wrong. */
export async function faultRoutes(server: FastifyInstance, faults: Faults): Promise<void> {
  server.get('/emulator/faults', async () => faults.list())
  server.post('/emulator/faults', async (request, reply) => {
    faults.add(parseOrRefuse(faultSchema, request.body, 'badRequest'))
    return reply.status(204).send()
  })
  server.post('/emulator/faults/schedule', async (request) => {
    faults.schedule(parseOrRefuse(scheduleSchema, request.body, 'badRequest'))
    return faults.list()
  })
  server.delete('/emulator/faults', async (_request, reply) => {
    faults.forget()
    return reply.status(204).send()
  })
}
