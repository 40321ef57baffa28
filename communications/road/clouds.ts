/** What differs between Microsoft's clouds, under the names of the settings that take it. */
export type Cloud = {
  /** For `createTokens`. */
  authority: string
  /** For `createTokens`. */
  scope: string
  /** For `createCalls`, `createGraph` and the like. */
  graphUrl: string
  /** For `createProof`: where the keys are published that sign notifications. */
  openIdUrl: string
  /** For `createProof`. A slash at the end makes no difference. */
  issuers: readonly string[]
  /** For `parseJoinUrl`: hosts of meeting links. */
  hosts: readonly string[]
}

/** What no public page says of the government clouds, so it has to come from whoever runs the bot there. */
export type Unpublished = Pick<Cloud, 'openIdUrl' | 'issuers' | 'hosts'>

export type GovernmentCloud = 'usGovernment' | 'usGovernmentDod'

const publicCloud: Cloud = {
  authority: 'https://login.microsoftonline.com',
  scope: 'https://graph.microsoft.com/.default',
  graphUrl: 'https://graph.microsoft.com',
  // auth.json of the contract; the second issuer is accepted by the samples only.
  openIdUrl: 'https://api.aps.skype.com/v1/.well-known/OpenIdConfiguration',
  issuers: ['https://api.botframework.com', 'https://graph.microsoft.com'],
  hosts: ['teams.microsoft.com'],
}

const graphOf: Record<GovernmentCloud, string> = {
  usGovernment: 'https://graph.microsoft.us',
  usGovernmentDod: 'https://dod-graph.microsoft.us',
}

/**
 * The settings of a cloud: the public one, US Government L4 (`usGovernment`) or L5 (`usGovernmentDod`). Where calling in government
 * clouds publishes its signing keys, with which issuer, and which hosts its meeting links have is not documented, so these must be
 * passed. A guess would refuse every notification, or trust somebody else.
 */
export function cloud(name: 'public'): Cloud
export function cloud(name: GovernmentCloud, own: Unpublished): Cloud
export function cloud(name: 'public' | GovernmentCloud, own?: Unpublished): Cloud {
  if (name === 'public') return publicCloud
  if (!own?.openIdUrl || own.issuers.length === 0) {
    throw new TypeError(
      'The address and issuers of the signing keys of a government cloud are not published. Pass openIdUrl, issuers and hosts.',
    )
  }
  const graphUrl = graphOf[name]
  return {
    authority: 'https://login.microsoftonline.us',
    scope: `${graphUrl}/.default`,
    graphUrl,
    openIdUrl: own.openIdUrl,
    issuers: own.issuers,
    hosts: own.hosts,
  }
}
