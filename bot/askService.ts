import { takeAnswer } from '#flow/answer.ts'
import { signedIn } from '#flow/secretHeaders.ts'
import type { ServiceAnswer, ServiceRequest } from '#flow/talk.ts'
import { inSlices } from '#ground/slices.ts'
import { OutboundError } from '#outbound/error.ts'
import type { Live } from './live.ts'
import { programOf, type Session } from './session.ts'

type Deps = Pick<Live, 'clock' | 'log' | 'services'>

/**
 * Sends what a flow has worked out, with the secret that it names, and takes from the answer what its block wants to keep: here, where
 * the body is, in slices. Null when nobody waits for it any more. Never rejects, and tells no log where it went or what was said.
 */
export async function askService(
  session: Session,
  request: ServiceRequest,
  stop: AbortSignal,
  deps: Deps,
): Promise<ServiceAnswer | null> {
  const { clock, log, services } = deps
  const { ref, state, callId } = session
  const begun = clock.now()
  const passed = () => Math.round(clock.now() - begun)
  try {
    const secret = request.auth && (await services.secret(ref.tenantId, request.auth.secret))
    const signed = signedIn(request, secret)
    if ('failed' in signed) return { ...signed, ms: passed() }
    const { hidden, secretHeaders } = signed
    const { method, url, headers, body, timeoutMs, retries, redirectsTo } = request
    const outgoing = { method, url, headers, secretHeaders, body, timeoutMs, retries, redirectsTo }
    const { body: came, ...answer } = await services.send(outgoing, stop)
    const takes = programOf(session).nodes.get(state.at ?? '')?.block.takes ?? []
    const raw = hidden({ ...answer, text: came.toString('utf8'), ms: passed() })
    return await inSlices(takeAnswer(takes, raw, state.variables))
  } catch (error) {
    if (stop.aborted) return null
    if (error instanceof OutboundError) return { ...whatFailed(error), ms: passed() }
    log.error({ callId, err: error }, 'A service could not be asked')
    return { failed: 'error', problem: 'internal', ms: passed() }
  }
}

function whatFailed({ code, reason }: OutboundError): { failed: 'timeout' | 'network' | 'badBody'; problem: string } {
  if (code === 'timeout') return { failed: 'timeout', problem: 'timeout' }
  if (code === 'tooLarge' || code === 'badBody') return { failed: 'badBody', problem: code }
  return { failed: 'network', problem: code === 'blocked' ? `blocked/${reason}` : reason }
}
