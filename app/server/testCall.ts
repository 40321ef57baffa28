import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { Flow } from '#flow/flow.ts'
import type { Variables } from '#flow/values.ts'
import { emulatorOf } from './emulator.ts'
import { Text } from './inputs.ts'
import { speakPrompts } from './prompts.ts'
import type { Services } from './services.ts'
import type { Who } from './who.ts'

/** Who calls in a test. */
export const TestCaller = z.object({ name: Text.trim().max(100), phone: z.e164().optional() })

type Wanted = {
  flowId: string
  flow: Flow
  caller: z.output<typeof TestCaller>
  /** Whose object id a caller without a telephone has. */
  callerId?: string
  data?: Variables
  /** For what time the flow takes it when the call begins, in milliseconds since 1970. */
  at?: number
}

/**
 * Dials the bot through the emulator, with a flow as it stands (decisions/test-calls.md).
 * @throws AppError `localOnly`, `emulatorAway`, `callRefused`; SpeechError; StoreError
 */
export async function placeTestCall(...asked: Parameters<typeof readyTestCall>) {
  return (await readyTestCall(...asked))()
}

/**
 * All that comes before dialling.
 * @returns what dials
 * @throws AppError `localOnly`; SpeechError; StoreError
 */
export async function readyTestCall(
  { settings, store, speakerOf }: Pick<Services, 'settings' | 'store' | 'speakerOf'>,
  { tenantId, name: by }: Who,
  { flowId, flow, caller, callerId = randomUUID(), data, at }: Wanted,
  signal: AbortSignal,
) {
  const emulator = emulatorOf(settings)
  const [versionId] = await Promise.all([
    store.versions.snapshot(tenantId, flowId, flow, by),
    speakPrompts(speakerOf(tenantId, by), flow, signal),
  ])
  // Only now: what had to be spoken first has taken its time.
  const movedSeconds = at === undefined ? 0 : Math.ceil((at - Date.now()) / 1000)
  const called = await store.routes.addTest(tenantId, flowId, versionId, { data, movedSeconds })
  const from = caller.phone ? { phone: caller.phone } : { user: { id: callerId, displayName: caller.name } }
  return () => emulator.placeCall({ appId: settings.appId, from, called })
}
