/**
 * What Graph's result codes mean, as stable keys for code and message files.
 * Source: callEnd, transfer and media of result-codes.json of the contract, which names the page or issue of each row.
 */

const callResults = {
  '200/0': 'ended',
  '200/4097': 'otherSideLeft',
  '200/4521': 'otherSideLeft',
  '200/5000': 'removed',
  '200/5001': 'conversationEnded',
  '200/5002': 'everybodyLeft',
  '200/5003': 'conversationEnded',
  '200/5007': 'initiatorLeft',
  '200/5010': 'leftAlone',
  '200/5012': 'rosterEmpty',
  '200/5013': 'nobodyJoined',
  '200/5014': 'noHost',
  '200/5020': 'leftAlone',
  '200/5030': 'breakoutOver',
  '200/5300': 'removed',
  '200/5855': 'lobbyTimedOut',
  '200/7000': 'endedByBot',
  '200/7015': 'transferred',
  '200/10550': 'endedByBot',
  '200/18503': 'otherSideLeft',
  '200/540000': 'otherSideLeft',
  '200/560000': 'otherSideLeft',
  '408/8537': 'keepAliveMissed',
  '408/1106': 'notAcknowledged',
  '408/10057': 'noSignal',
  '410/301005': 'mediaLost',
  '480/10037': 'noEndpoint',
  '480/10076': 'notReachable',
  '480/10134': 'noRoute',
  '480/10199': 'privateCallsOff',
  '500/1005': 'mediaLost',
  '500/7106': 'serverError',
  '500/3003': 'serverError',
  '500/3002': 'serverError',
  '500/1999': 'serverError',
  '408/13025': 'requestTimedOut',
  // A transfer: done (the example of the page prints code 0), or failed and the call is back with the bot.
  '0/7015': 'transferred',
  '500/7000': 'transferFailed',
  '500/7700': 'transferFailed',
} as const

const operationResults = {
  '200/0': 'done',
  '400/8508': 'cancelled',
  '200/8515': 'recordedToTheLimit',
  '200/8514': 'stopToneHeard',
  '200/8509': 'silenceAfterSpeech',
  '400/8510': 'nothingSaid',
  '500/8511': 'promptNotPlayed',
  '500/8512': 'beepNotPlayed',
  '500/8513': 'noMedia',
  '400/8535': 'wrongAudioFormat',
  '400/8536': 'audioNotDownloaded',
  '500/9999': 'unknownFailure',
} as const

export type CallResultKey = (typeof callResults)[keyof typeof callResults]
export type OperationResultKey = (typeof operationResults)[keyof typeof operationResults]

const tables = {
  call: new Map<string, CallResultKey>(Object.entries(callResults)),
  operation: new Map<string, OperationResultKey>(Object.entries(operationResults)),
}

/**
 * The key of a documented result, null for one that no public page explains. `of` says whether the pair came with a call or with
 * an operation, since 200/0 means another thing in each.
 */
export function explainResult(code: number, subcode: number, of?: 'call'): { key: CallResultKey } | null
export function explainResult(code: number, subcode: number, of: 'operation'): { key: OperationResultKey } | null
export function explainResult(code: number, subcode: number, of: 'call' | 'operation' = 'call') {
  const key = tables[of].get(`${code}/${subcode}`)
  return key ? { key } : null
}
