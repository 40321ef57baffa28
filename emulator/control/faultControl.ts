import type { FastifyInstance } from 'fastify'
import { faultSchema, scheduleSchema } from '../wire/faultRules.ts'
import type { Faults } from '../wire/faults.ts'
import { parseOrRefuse, Refusal } from '../wire/refusal.ts'

/** The control API's part about what shall go wrong. `operations` are the names that requests are known by. */
export async function faultRoutes(
  server: FastifyInstance,
  { faults, operations }: { faults: Faults; operations: ReadonlySet<string> },
): Promise<void> {
  /** A rule about an operation that does not exist would wait for ever, and its test would show nothing. */
  function refuseUnknown(names: readonly (string | undefined)[]) {
    const unknown = names.find((name) => name !== undefined && name !== '*' && !operations.has(name))
    if (unknown === undefined) return
    throw new Refusal(400, 'unknownOperation', 'There is no operation of that name.', {
      next: `Take one of ${[...operations].sort().join(', ')}.`,
    })
  }

  server.get('/emulator/faults', async () => faults.list())
  server.post('/emulator/faults', async (request, reply) => {
    const rule = parseOrRefuse(faultSchema, request.body, 'badRequest')
    refuseUnknown([rule.on.operation])
    faults.add(rule)
    return reply.status(204).send()
  })
  server.post('/emulator/faults/schedule', async (request) => {
    const schedule = parseOrRefuse(scheduleSchema, request.body, 'badRequest')
    refuseUnknown(schedule.operations ?? [])
    faults.schedule(schedule)
    return faults.list()
  })
  server.delete('/emulator/faults', async (_request, reply) => {
    faults.forget()
    return reply.status(204).send()
  })
}
