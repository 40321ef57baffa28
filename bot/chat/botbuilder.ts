import type { Activity } from './activity.ts'
import type { Answer, ChatAdapter } from './adapter.ts'

/** Whom our replies' token is for. https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication */
const replyScope = 'https://api.botframework.com/.default'
const replyAudience = 'https://api.botframework.com'

/**
 * Chat by botbuilder. It is loaded at the first message and not before: it is large, and most of what this process
 * does is calls. It gets activities that our gate has proven, and tokens that our client has fetched.
 */
export function createBotbuilderAdapter(deps: {
  appId: string
  tenantId: string
  token(tenantId: string, scope: string): Promise<string>
  answer: Answer
}): ChatAdapter {
  let loading: Promise<(activity: Activity) => Promise<void>> | undefined
  return {
    async handle(activity) {
      loading ??= load(deps)
      loading.catch(() => {
        loading = undefined
      })
      await (await loading)(activity)
    },
  }
}

async function load({ appId, tenantId, token, answer }: Parameters<typeof createBotbuilderAdapter>[0]) {
  const { CloudAdapter, ConfigurationBotFrameworkAuthentication } = await import('botbuilder')
  const authentication = new ConfigurationBotFrameworkAuthentication(
    { MicrosoftAppId: appId, MicrosoftAppTenantId: tenantId },
    {
      isValidAppId: async (id: string) => id === appId,
      isAuthenticationDisabled: async () => false,
      createCredentials: async () => ({
        async signRequest(request) {
          request.headers.set('authorization', `Bearer ${await token(tenantId, replyScope)}`)
          return request
        },
      }),
    },
  )
  class Adapter extends CloudAdapter {
    /** As whom we reply. */
    identity() {
      return this.createClaimsIdentity(appId)
    }
  }
  const adapter = new Adapter(authentication)
  return async (activity: Activity) => {
    const claimsIdentity = adapter.identity()
    const connectorFactory = authentication.createConnectorFactory(claimsIdentity)
    // The activity has Bot Framework's own form; the library's type for it is a long list of optional members.
    await adapter.processActivityDirect(
      { audience: replyAudience, claimsIdentity, connectorFactory },
      activity as unknown as Parameters<typeof adapter.processActivityDirect>[1],
      async (context) => {
        for (const text of await answer(activity)) await context.sendActivity(text)
      },
    )
  }
}
