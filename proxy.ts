import { type NextRequest, NextResponse } from 'next/server'
import { contentSecurityPolicy } from '#app/server/contentSecurityPolicy.ts'

/** Gives every page a policy with a nonce of its own. Next reads it from the request and puts it on its scripts. */
export function proxy(request: NextRequest): NextResponse {
  const policy = contentSecurityPolicy(crypto.randomUUID(), process.env.NODE_ENV !== 'production')
  const headers = new Headers(request.headers)
  headers.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

/** Pages only: what else is served runs no scripts. */
export const config = { matcher: '/((?!api/|_next/).*)' }
