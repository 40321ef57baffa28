import { type NextRequest, NextResponse } from 'next/server'
import { AppError, errorAnswer } from '#app/server/appError.ts'
import { contentSecurityPolicy } from '#app/server/contentSecurityPolicy.ts'

/**
 * Before every page and route. Pages get a content policy with a nonce of its own: Next reads it from the request and puts it on its
 * scripts. An address that is not UTF-8 is refused here, because Next answers it with a bare 500.
 */
export function proxy(request: NextRequest): NextResponse | Response {
  if (!isDecodable(request.nextUrl.pathname)) {
    const error = new AppError('badRequest', ['address: no UTF-8'])
    return errorAnswer(error.status, error)
  }
  if (request.nextUrl.pathname.startsWith('/api/')) return NextResponse.next()
  const nonce = crypto.randomUUID()
  const policy = contentSecurityPolicy(nonce, {
    development: process.env.NODE_ENV !== 'production',
    // https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header
    framed: request.headers.get('sec-fetch-dest') === 'iframe',
  })
  const headers = new Headers(request.headers)
  headers.set('content-security-policy', policy)
  headers.set('x-nonce', nonce)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  return response
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

/** What Next itself serves needs neither. */
export const config = { matcher: '/((?!_next/).*)' }
