import type { RawAnswer } from './answer.ts'
import { base64, hideSecret } from './hideSecret.ts'
import { type Secret, whyKept } from './named.ts'
import type { ServiceRequest } from './talk.ts'

type Headers = ServiceRequest['headers']

type Signed = {
  /** What signs in, apart from the author's headers: no other host is told it, whatever it is called. */
  secretHeaders: Headers
  /** The answer without the secret: the only one that expressions, calls and pages may see. */
  hidden(answer: RawAnswer): RawAnswer
}

/** How a request signs in, or why it is not sent: there is no secret of that name, or it may not go there. */
export function signedIn(
  { auth, url }: Pick<ServiceRequest, 'auth' | 'url'>,
  secret: Secret | null,
): Signed | { failed: 'error' | 'network'; problem: string } {
  if (!auth) return { secretHeaders: {}, hidden: (answer) => answer }
  if (!secret) return { failed: 'error', problem: 'secretMissing' }
  const why = whyKept(url, secret.hosts)
  if (why !== null) return { failed: 'network', problem: `blocked/${why}` }
  const hide = hideSecret(secret.text, auth.user)
  const hidden = ({ headers, text, ...rest }: RawAnswer): RawAnswer => ({
    ...rest,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, hide(value)])),
    text: hide(text),
  })
  return { secretHeaders: headerOf(auth, secret.text), hidden }
}

/** The secret in its place (RFC 6750, RFC 7617). */
function headerOf({ kind, user, header }: NonNullable<ServiceRequest['auth']>, secret: string): Headers {
  switch (kind) {
    case 'bearer':
      return { authorization: `Bearer ${secret}` }
    case 'basic':
      return { authorization: `Basic ${base64(`${user}:${secret}`)}` }
    case 'header':
      return { [header]: secret }
  }
}
