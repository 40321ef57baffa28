import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import type { Clock } from '#ground/clock.ts'
import { isVirtual } from '../virtualClock.ts'
import { parseOrRefuse, Refusal } from '../wire/refusal.ts'

/** The control API's part about time. */

const longestMs = 400 * 86_400_000

const moveTime = z.union([
  z.strictObject({ advanceMs: z.number().min(0).max(longestMs) }),
  z.strictObject({ to: z.iso.datetime({ offset: true }) }),
])

export async function timeRoutes(server: FastifyInstance, clock: Clock): Promise<void> {
  const view = () => ({
    time: isVirtual(clock) ? 'virtual' : 'real',
    now: new Date(clock.now()).toISOString(),
    ...(isVirtual(clock) && { waiting: clock.waiting() }),
  })

  server.get('/emulator/time', async () => view())
  server.post('/emulator/time', async (request) => {
    if (!isVirtual(clock)) {
      throw new Refusal(409, 'timeIsReal', 'Time is real here and cannot be moved.', {
        next: 'Start the emulator with the setting `time: "virtual"` (EMULATOR_TIME=virtual).',
      })
    }
    const body = parseOrRefuse(moveTime, request.body, 'badRequest')
    const at = 'to' in body ? Date.parse(body.to) : clock.now() + body.advanceMs
    if (at < clock.now() || at > clock.now() + longestMs) {
      throw new Refusal(400, 'badTime', 'Time goes forward only, by 400 days at most.', {
        next: 'GET /emulator/time tells what time it is.',
      })
    }
    await ('to' in body ? clock.advanceTo(at) : clock.advance(body.advanceMs))
    return view()
  })
}
