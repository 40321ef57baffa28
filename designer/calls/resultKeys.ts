import type { ResultKey } from '../messages/results.ts'

/**
 * What a code means, by code/subcode of Graph or the bot's own word. Graph's contract (result-codes.json) names the source of each pair;
 * test/endReasons.test.ts holds that none is left out. The client (communications/wire/results.ts) has the same for programmers.
 */
const keys: Readonly<Record<string, ResultKey>> = {
  '403/7502': 'accessNotEnabled',
  '403/7503': 'botNotRegistered',
  '403/7504': 'noConsent',
  '403/7505': 'wrongTenant',
  '403/7507': 'wrongSource',
  '401/7501': 'tokenInvalid',

  '500/7000': 'notTaken',
  '500/7700': 'notTaken',
  '480/10037': 'noEndpoint',
  '480/10076': 'notReachable',
  '480/10134': 'noRoute',
  '480/10199': 'privateCallsOff',
  '408/10057': 'noSignal',
  '404/8522': 'notFound',
  '404': 'lost',
  '500/': 'inviteFailed',
  '412/9999': 'phoneWithoutContext',
  '403/10151': 'phoneWithoutDialOut',

  '400/8535': 'wrongAudioFormat',
  '400/8536': 'audioNotDownloaded',
  '500/8511': 'promptNotPlayed',
  '500/8512': 'beepNotPlayed',
  '500/8513': 'noMedia',
  '400/8510': 'nothingSaid',
  '400/8508': 'cancelled',

  '400/8500': 'wrongMediaMode',
  '400/8501': 'notEstablished',
  '400/8523': 'invalidArgument',
  '400/8528': 'alreadyTerminated',
  '400/8585': 'wrongState',
  '409/8519': 'conflict',
  '412/8583': 'incompatibleMedia',
  '400/8526': 'joinTokenInvalid',
  '400/8561': 'meetingIdInvalid',
  '400/8560': 'meetingLocked',
  '429/8516': 'throttled',
  '500/9999': 'unknownFailure',

  '408/8537': 'keepAliveMissed',
  '408/1106': 'notAcknowledged',
  '408/13025': 'requestTimedOut',
  '410/301005': 'mediaLost',
  '500/1005': 'mediaLost',
  '500/7106': 'serverError',
  '500/3003': 'serverError',
  '500/3002': 'serverError',
  '500/1999': 'serverError',
  '/8586': 'incomingNotAcknowledged',
  '/8587': 'incomingNotAnswered',
  '/8609': 'invalidJoinResponse',
  '/8610': 'notificationNotAnswered',

  // The bot's words for requests without a number, and for what never reached Graph.
  promptMissing: 'promptMissing',
  notTaken: 'notTaken',
  noAnswer: 'noAnswer',
  timeout: 'timedOut',
  timedOut: 'timedOut',
  unreachable: 'network',
  noToken: 'tokenInvalid',
  throttled: 'throttled',
  TooManyRequests: 'throttled',
  Unauthorized: 'tokenInvalid',
  Forbidden: 'noConsent',
  Conflict: 'conflict',
  NotFound: 'notFound',
  unknownError: 'unknownFailure',
  lost: 'lost',
  unknownBlock: 'unknownBlock',
  stepLimit: 'stepLimit',
  endlessLoop: 'endlessLoop',
  expressionFailed: 'expressionFailed',
  callerGone: 'callerGone',
  failed: 'failed',
  internal: 'failed',
}

/** Null for what no public page explains. */
export const resultKeyOf = (code: string): ResultKey | null => (Object.hasOwn(keys, code) ? (keys[code] ?? null) : null)
