import { type Secret, whyKept } from './named.ts'
import type { ServiceRequest } from './talk.ts'

type Headers = ServiceRequest['headers']

/** The headers with which a request is sent, or why it is not: there is no secret of that name, or it may not go there. */
export function signedIn(
  request: Pick<ServiceRequest, 'headers' | 'auth' | 'url'>,
  secret: Secret | null,
): { headers: Headers } | { failed: 'error' | 'network'; problem: string } {
  if (!request.auth) return { headers: request.headers }
  if (!secret) return { failed: 'error', problem: 'secretMissing' }
  const why = whyKept(request.url, secret.hosts)
  return why === null
    ? { headers: headersWith(request, secret.text) }
    : { failed: 'network', problem: `blocked/${why}` }
}

/** The secret in its place (RFC 6750, RFC 7617). */
function headersWith({ headers, auth }: Pick<ServiceRequest, 'headers' | 'auth'>, secret: string): Headers {
  switch (auth?.kind) {
    case 'bearer':
      return { ...headers, authorization: `Bearer ${secret}` }
    case 'basic': {
      const bytes = new TextEncoder().encode(`${auth.user}:${secret}`)
      return { ...headers, authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` }
    }
    case 'header':
      return { ...headers, [auth.header]: secret }
    default:
      return headers
  }
}
