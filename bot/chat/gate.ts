import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Proof, ProofError, type Proven } from '#communications/inbound/proof.ts'
import type { Clock } from '#ground/clock.ts'
import { sameId } from '#ground/ids.ts'
import { isLoopbackUrl } from '#ground/loopback.ts'
import { withTimeout } from '#ground/timeout.ts'
import { authorizationOf, refusal, refusalOf, retryAfterSeconds } from '../http.ts'
import { Activity, channelId } from './activity.ts'
import type { ChatAdapter } from './adapter.ts'

/** Longest that one turn may take: Teams gives up on a bot after 15 s. */
const turnLimitMs = 12_000

declare module 'fastify' {
  interface FastifyRequest {
    provenMessage?: Proven<string | null>
  }
}

type Deps = {
  /** Proof that the Bot Framework sent a message; its keys are not those of calls. */
  proof: Proof<string | null>
  adapter: ChatAdapter
  tenantId: string
  /** Everything is on this machine: an emulator may be answered over http. */
  local: boolean
  onTrouble(error: unknown): void
  /** Real time, unless told otherwise. */
  clock?: Pick<Clock, 'after'>
}

export type ChatGate = {
  gate(request: FastifyRequest, reply: FastifyReply): Promise<unknown>
  handle(request: FastifyRequest, reply: FastifyReply): Promise<unknown>
}

const withoutSlash = (url: unknown) => (typeof url === 'string' ? url.replace(/\/$/, '') : null)

function mayHaveToken(url: string, local: boolean): boolean {
  const { protocol, username, password } = new URL(url)
  if (username || password) return false
  return protocol === 'https:' || (local && protocol === 'http:' && isLoopbackUrl(url))
}

/**
 * The gate in front of the chat library. botbuilder lets through what the rules forbid (no expiry, no serviceUrl, an
 * empty channel, the emulator's tokens; teams-platform facts, section 4), so everything is checked here first and it
 * never sees a token.
 */
export function createChatGate({ proof, adapter, tenantId, local, onTrouble, clock }: Deps): ChatGate {
  return {
    async gate(request, reply) {
      try {
        request.provenMessage = await proof.verify(authorizationOf(request.raw), { channelId })
      } catch (error) {
        const isOurFault = error instanceof ProofError && error.code === 'keysUnavailable'
        return isOurFault
          ? reply.code(503).header('retry-after', retryAfterSeconds).send(refusalOf('noKeys').body)
          : reply.code(401).send(refusal)
      }
    },

    async handle(request, reply) {
      const parsed = Activity.safeParse(request.body)
      if (!parsed.success) {
        const message = 'The body is not an activity of Microsoft Teams.'
        return reply.code(400).send({ error: { code: 'notAnActivity', message } })
      }
      const activity = parsed.data
      const claimed = withoutSlash(request.provenMessage?.claims.serviceurl)
      // Our token goes to this address: it must be the one that Microsoft signed, and nobody between may read along.
      const isSigned = claimed !== null && claimed === withoutSlash(activity.serviceUrl)
      if (!isSigned || !mayHaveToken(activity.serviceUrl, local)) return reply.code(401).send(refusal)
      const named = [activity.channelData?.tenant?.id, activity.conversation.tenantId, request.provenMessage?.tenantId]
      const tenants = named.filter((tenant) => typeof tenant === 'string')
      if (tenants.length === 0 || !tenants.every((tenant) => sameId(tenant, tenantId)))
        return reply.code(403).send(refusal)
      try {
        const late = () => {
          throw new Error('A message turn took too long.')
        }
        await withTimeout(adapter.handle(activity), turnLimitMs, late, clock)
      } catch (error) {
        // Sent again by nobody, and of no use to whoever posted it.
        onTrouble(error)
      }
      return reply.code(200).send()
    },
  }
}
