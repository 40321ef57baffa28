/**
 * Who may show our pages in a frame: Teams and Microsoft 365.
 * https://learn.microsoft.com/microsoftteams/platform/tabs/how-to/tab-requirements
 */
const frameAncestors = [
  "'self'",
  'https://teams.microsoft.com',
  'https://*.teams.microsoft.com',
  'https://*.cloud.microsoft',
  'https://*.microsoft365.com',
  'https://*.office.com',
  'https://outlook.office.com',
  'https://outlook.office365.com',
]

/** Where TeamsJS looks up, in a frame, which hosts there are. Where it is not reached TeamsJS goes by its own list. */
const hostList = 'https://res.cdn.office.net'

/** What a page may load: nothing from anywhere else but that list, and no script without this nonce. */
export function contentSecurityPolicy(nonce: string, development: boolean): string {
  return [
    "default-src 'self'",
    // React's development build evaluates text to rebuild stacks of the server.
    `script-src 'self' 'nonce-${nonce}'${development ? " 'unsafe-eval'" : ''}`,
    // Fluent writes its styles into the page as it goes.
    "style-src 'self' 'unsafe-inline'",
    `connect-src 'self' ${hostList}`,
    "img-src 'self' data:",
    "media-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${frameAncestors.join(' ')}`,
  ].join('; ')
}
