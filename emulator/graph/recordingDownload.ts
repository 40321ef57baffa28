import type { FastifyInstance } from 'fastify'
import type { Recordings } from '../world/recordings.ts'
import { answerAsGraph } from './door.ts'

/** Where recordings are fetched. Only their own tokens count here. */
export async function recordingRoutes(
  server: FastifyInstance,
  { recordings }: { recordings: Recordings },
): Promise<void> {
  answerAsGraph(server)
  server.get<{ Params: { recordingId: string } }>(
    '/recordings/:recordingId',
    { config: { operation: 'recording-download' } },
    async (request, reply) => {
      const wav = recordings.read(request.params.recordingId, request.headers.authorization)
      // A Buffer of the same memory: Fastify sends those as they are.
      return reply.type('application/octet-stream').send(Buffer.from(wav.buffer, wav.byteOffset, wav.byteLength))
    },
  )
}
