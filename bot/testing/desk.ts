import type { Notification } from '#communications/inbound/notifications.ts'
import type { Calls } from '#communications/requests/calls.ts'
import type { Call, CommsOperation } from '#communications/wire/types.ts'
import { frontDesk } from '#flow/sample.ts'
import { makeProgram } from '../program.ts'

/** The sample flow as calls run it, a Graph that the test plays, and what that Graph tells. */

export const tenant = 'tenant'

const version = { id: 'v', flowId: 'f', flow: frontDesk }
/** Its prompts have no audio. */
export const silent = makeProgram(version, new Map())
export const program = makeProgram(
  version,
  new Map(
    silent.prompts.map((text) => [
      text,
      { uri: `https://bot.localhost/prompts/${encodeURIComponent(text)}.wav`, resourceId: text, durationMs: 1_000 },
    ]),
  ),
)

type Asked = { operation: string; context?: string; prompts?: string[] }

/** Takes everything, but what `answers` answers. `asked` is what was asked of it, in order. */
export function playedGraph(answers: Partial<Calls> = {}) {
  const asked: Asked[] = []
  const note = (operation: string) => async () => void asked.push({ operation })
  const media = (
    operation: string,
    context: string,
    type: string,
    status: 'running' | 'completed' = 'completed',
    more: Partial<Asked> = {},
  ): CommsOperation => {
    asked.push({ operation, context, ...more })
    const id = `op-${asked.length}`
    return { id, status, clientContext: context, '@odata.type': `#microsoft.graph.${type}` }
  }
  const calls: Calls = {
    answer: note('answer'),
    reject: async (_call, { reason }) => void asked.push({ operation: `reject ${reason}` }),
    redirect: note('redirect'),
    playPrompt: async (_call, { prompts, clientContext }) =>
      media('play', clientContext, 'playPromptOperation', 'running', {
        prompts: prompts.map(({ resourceId }) => resourceId),
      }),
    recordResponse: async (_call, { clientContext }) => media('record', clientContext, 'recordOperation', 'running'),
    subscribeToTone: async (_call, { clientContext }) => media('subscribe', clientContext, 'subscribeToToneOperation'),
    sendDtmfTones: async (_call, { clientContext }) =>
      media('tones', clientContext, 'sendDtmfTonesOperation', 'running'),
    cancelMediaProcessing: async (_call, { clientContext }) =>
      media('cancel', clientContext, 'cancelMediaProcessingOperation'),
    transfer: note('transfer'),
    get: async () => ({}),
    getOperation: async () => ({}),
    hangUp: note('hangUp'),
    keepAlive: note('keepAlive'),
    create: async () => ({ id: 'new' }),
    close: async () => {},
    ...answers,
  }
  return { asked, calls }
}

export const about = (id: string) => ({ callId: id, wireCallId: id })
export const news = (id: string, call: Call, changeType: Notification['changeType'] = 'updated'): Notification => ({
  ...about(id),
  changeType,
  resource: 'call',
  call,
})
export const ended = (id: string, operation: CommsOperation): Notification => ({
  ...about(id),
  changeType: 'deleted',
  resource: 'operation',
  operationId: null,
  operation,
})
export const established: Call = { state: 'established', mediaState: { audio: 'active' } }
export const pressed = (digit: number, sequenceId: number): Call => ({
  state: 'established',
  toneInfo: { tone: `tone${digit}` as 'tone0', sequenceId }, // tests press digits
})
/** The prompt asked for last has been played. */
export const played = (id: string, asked: readonly Asked[]): Notification =>
  ended(id, {
    '@odata.type': '#microsoft.graph.playPromptOperation',
    status: 'completed',
    clientContext: asked.findLast(({ operation }) => operation === 'play')?.context ?? '',
  })
