import type { Tried } from '#designer/wire.ts'
import { signedIn } from '#flow/secretHeaders.ts'
import { type Trial, tryRequest } from '#flow/tryRequest.ts'
import { OutboundError } from '#outbound/error.ts'
import type { Services } from './services.ts'

/** As much of a body as a page shows. */
const mostShown = 4_000

type Deps = Pick<Services, 'store' | 'settings' | 'requester'>

/**
 * Sends the request of a block as calls do, by the same guard and within the same limits, and tells what its answer would give,
 * without what a service sends back of the secret.
 */
export async function tried(deps: Deps, tenantId: string, trial: Trial, signal: AbortSignal): Promise<Tried> {
  const { store, settings, requester } = deps
  const named = await store.namedValues.load(tenantId, () => {})
  const trying = tryRequest(trial, { ...named.values, ...Object.fromEntries(settings.named.values) })
  if ('problems' in trying) return { failed: 'settings', problem: trying.problems[0]?.detail ?? '', ms: 0 }
  const { request, mapped } = trying
  const { auth } = request
  const secret = auth && (settings.named.secrets.get(auth.secret) ?? named.secrets.get(auth.secret) ?? null)
  const signed = signedIn(request, secret)
  if ('failed' in signed) return { ...signed, ms: 0 }
  const begun = performance.now()
  const passed = () => Math.round(performance.now() - begun)
  try {
    const { secretHeaders, hidden } = signed
    const { body, ...answer } = await requester.send({ ...request, secretHeaders }, signal)
    const raw = hidden({ ...answer, text: body.toString('utf8'), ms: passed() })
    const { status, headers, text } = raw
    const { exit, values } = mapped(raw)
    return {
      status,
      ms: passed(),
      exit,
      type: headers['content-type'] ?? '',
      body: text.slice(0, mostShown),
      isCut: text.length > mostShown,
      values: values.map((one) =>
        'value' in one ? { variable: one.variable, value: JSON.stringify(one.value) } : one,
      ),
    }
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    const { code, reason } = error
    const failed = code === 'timeout' ? 'timeout' : code === 'tooLarge' || code === 'badBody' ? 'badBody' : 'network'
    return { failed, problem: code === 'blocked' ? `blocked/${reason}` : reason, ms: passed() }
  }
}
