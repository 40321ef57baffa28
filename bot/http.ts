import type { FastifyRequest } from 'fastify'

/** What every address of the bot that wants a proof has in common. */

/** One body for every refusal: whoever tries tokens learns nothing from it. */
export const refusal = {
  error: { code: 'notProven', message: 'This address takes requests of Microsoft Teams only.' },
} as const

/** All values of the header: Node would hide a second one. */
export const authorizationOf = (request: FastifyRequest): readonly string[] | undefined =>
  request.raw.headersDistinct.authorization
