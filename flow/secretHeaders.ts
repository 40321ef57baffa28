import type { ServiceRequest } from './talk.ts'

/** The headers of a request with the secret in its place (RFC 6750, RFC 7617): only where it is sent. */
export function headersWith({ headers, auth }: Pick<ServiceRequest, 'headers' | 'auth'>, secret: string) {
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
