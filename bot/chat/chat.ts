import { createProof } from '#communications/inbound/proof.ts'
import type { Tokens } from '#communications/road/tokens.ts'
import type { Store } from '#store/database.ts'
import type { Settings } from '../settings.ts'
import { createAnswer } from './answer.ts'
import { createBotbuilderAdapter } from './botbuilder.ts'
import { type ChatGate, createChatGate } from './gate.ts'

type Deps = {
  settings: Pick<Settings, 'appId' | 'tenantId' | 'services' | 'local' | 'designerUrl'>
  tokens: Tokens
  store: Pick<Store, 'routes'>
  onTrouble(error: unknown): void
}

/** Chat with the bot: the proof, the gate behind it, and what it answers. */
export function openChat({ settings, tokens, store, onTrouble }: Deps): { gate: ChatGate; close(): Promise<void> } {
  const { appId, tenantId, services, local, designerUrl } = settings
  const proof = createProof({
    appId,
    openIdUrl: services.messagesOpenIdUrl ?? 'https://login.botframework.com/v1/.well-known/openidconfiguration',
    issuers: ['https://api.botframework.com'],
    tenantClaim: 'optional',
    requireEndorsement: true,
  })
  const answer = createAnswer({
    designerUrl,
    answering: () => store.routes.answering(tenantId),
  })
  const token = (tenant: string, scope: string) => tokens.forTenant(tenant, scope)
  const adapter = createBotbuilderAdapter({ appId, tenantId, token, answer })
  return { gate: createChatGate({ proof, tenantId, local, adapter, onTrouble }), close: () => proof.close() }
}
