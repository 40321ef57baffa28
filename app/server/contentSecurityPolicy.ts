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

/**
 * Where TeamsJS asks for the list of hosts that it may trust; without it, it goes by the list that it brings along.
 * https://learn.microsoft.com/microsoftteams/platform/tabs/how-to/using-teams-client-library
 */
const teamsHosts = 'https://res.cdn.office.net/teams-js/validDomains/json/validDomains.json'

/**
 * What a page may load: nothing from anywhere else, and no script without this nonce. TeamsJS is loaded in a frame alone, and only there
 * may it ask for its list.
 */
export function contentSecurityPolicy(
  nonce: string,
  { development, framed }: { development: boolean; framed: boolean },
): string {
  return [
    "default-src 'self'",
    // React's development build evaluates text to rebuild stacks of the server.
    `script-src 'self' 'nonce-${nonce}'${development ? " 'unsafe-eval'" : ''}`,
    // Fluent writes its styles into the page as it goes.
    "style-src 'self' 'unsafe-inline'",
    ...(framed ? [`connect-src 'self' ${teamsHosts}`] : []),
    "img-src 'self' data:",
    "media-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${frameAncestors.join(' ')}`,
  ].join('; ')
}
