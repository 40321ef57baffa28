import * as z from 'zod'
import { tones } from '#communications/wire/enums.ts'
import { callNotFound, refuse } from '../wire/refusal.ts'
import { sendDtmfTones, subscribeToTone } from '../world/keys.ts'
import { findOperation } from '../world/operations.ts'
import { cancelMediaProcessing, playPrompt, recordResponse } from '../world/player.ts'
import { clientContext, contextOnly, prompt } from './bodies.ts'
import { callingAsNewest } from './needs.ts'
import { onCall, operationOf, readable } from './onCall.ts'
import { action } from './operation.ts'

/** What a bot lets its call hear, and hears of it. */

/** recordResponse: all three timers, documented as 1 to 120 s. */
const recordSeconds = z.number().int().min(1).max(120).nullish()

export const mediaOperations = [
  onCall('call-playprompt', 'POST', action('/playPrompt'), {
    body: z.strictObject({ prompts: z.array(prompt).min(1).max(20), clientContext }),
    media: 'serviceHosted',
    act: ({ world, call, body }) => operationOf(call, playPrompt(world, call, body)),
  }),
  onCall('call-recordresponse', 'POST', action('/recordResponse'), {
    body: z.strictObject({
      prompts: z.array(prompt).max(1).nullish(),
      bargeInAllowed: z.boolean().nullish(),
      initialSilenceTimeoutInSeconds: recordSeconds,
      maxSilenceTimeoutInSeconds: recordSeconds,
      maxRecordDurationInSeconds: recordSeconds,
      playBeep: z.boolean().nullish(),
      stopTones: z.array(z.string().regex(/^[0-9*#A-Da-d]$/, 'must be a key of a telephone')).nullish(),
      clientContext,
    }),
    needs: callingAsNewest('Calls.AccessMedia.All'),
    media: 'serviceHosted',
    act: ({ world, call, body, origin }) => operationOf(call, recordResponse(world, call, body, origin)),
  }),
  onCall('call-subscribetotone', 'POST', action('/subscribeToTone'), {
    body: contextOnly,
    needs: callingAsNewest('Calls.AccessMedia.All'),
    media: 'serviceHosted',
    act: ({ call, body }) => operationOf(call, subscribeToTone(call, body.clientContext)),
  }),
  onCall('call-cancelmediaprocessing', 'POST', action('/cancelMediaProcessing'), {
    body: contextOnly,
    // Inferred: it cancels prompts and recordings.
    media: 'serviceHosted',
    act: ({ world, call, body }) => operationOf(call, cancelMediaProcessing(world, call, body.clientContext)),
  }),
  onCall('call-senddtmftones', 'POST', action('/sendDtmfTones'), {
    body: z.strictObject({
      tones: z.array(z.enum(tones)).min(1),
      delayBetweenTonesMs: z.number().int().nullish(),
      clientContext,
    }),
    needs: callingAsNewest('Calls.AccessMedia.All'),
    act: ({ world, call, body }) => operationOf(call, sendDtmfTones(world, call, body)),
  }),
  // It has no page, and does not stand in the table of states: it can be read as long as its call can.
  onCall('call-get-operation', 'GET', '/operations/:operationId', {
    states: readable,
    inLobby: true,
    act: ({ call, params }) => ({
      body: findOperation(call, params.operationId) ?? refuse(callNotFound('Operation')),
    }),
  }),
]
