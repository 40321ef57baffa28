import { type ResultKey, resultWords, unexplained } from './resultWords.ts'

/**
 * What Graph's result codes mean, as stable keys for code (the texts are in resultWords.ts).
 * Source: result-codes.json of the contract, which names the page or issue of each row.
 */

/** How sure a row is: on a page of Graph, seen in a public report, on a page of the sister service only, or partly concluded by us. */
export type Evidence = 'documented' | 'observed' | 'sister-service' | 'inferred'

type Table = Partial<Record<Evidence, Record<string, ResultKey>>>

/** How calls end. */
const callEnds = {
  documented: {
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
  },
  observed: {
    '500/7106': 'serverError',
    '500/3003': 'serverError',
    '500/3002': 'serverError',
    '500/1999': 'serverError',
    '408/13025': 'requestTimedOut',
  },
  'sister-service': { '200/0': 'ended' },
} as const satisfies Table

/** Done (the example of the page prints code 0), or failed and the call is back with the bot. */
const transfers = {
  documented: { '0/7015': 'transferred', '500/7000': 'transferFailed', '500/7700': 'transferFailed' },
} as const satisfies Table

const operations = {
  documented: { '200/0': 'done', '400/8508': 'cancelled', '200/8515': 'recordedToTheLimit' },
  observed: { '500/9999': 'unknownFailure' },
  'sister-service': {
    '200/8514': 'stopToneHeard',
    '400/8510': 'nothingSaid',
    '500/8511': 'promptNotPlayed',
    '400/8535': 'wrongAudioFormat',
    '400/8536': 'audioNotDownloaded',
  },
  inferred: { '200/8509': 'silenceAfterSpeech', '500/8512': 'beepNotPlayed', '500/8513': 'noMedia' },
} as const satisfies Table

/** The sister service names these for refusals, and for the end of a call as well. */
const joins = {
  'sister-service': { '400/8526': 'joinTokenInvalid', '400/8561': 'meetingIdInvalid', '400/8560': 'meetingLocked' },
} as const satisfies Table

const requests = {
  observed: {
    '403/7503': 'botNotRegistered',
    '403/7504': 'noConsent',
    '403/7505': 'wrongTenant',
    // Of operations, but also seen as an answer to subscribeToTone.
    '500/9999': 'unknownFailure',
  },
  'sister-service': {
    '400/8500': 'wrongMediaMode',
    '400/8501': 'notEstablished',
    '400/8523': 'invalidArgument',
    '400/8528': 'alreadyTerminated',
    '400/8585': 'wrongState',
    '404/8522': 'notFound',
    '409/8519': 'conflict',
    '412/8583': 'incompatibleMedia',
    '429/8516': 'throttled',
    '403/7507': 'wrongSource',
  },
  inferred: { '401/7501': 'tokenInvalid', '403/7502': 'accessNotEnabled' },
} as const satisfies Table

/** Notes of the platform's log; they have no code. */
const incoming = {
  'sister-service': {
    '/8586': 'incomingNotAcknowledged',
    '/8587': 'incomingNotAnswered',
    '/8609': 'invalidJoinResponse',
    '/8610': 'notificationNotAnswered',
  },
} as const satisfies Table

/** One is known by its DiagCode alone, one by its code alone. */
const invites = {
  observed: { '412/9999': 'phoneWithoutContext', '#403#10151': 'phoneWithoutDialOut', '500/': 'inviteFailed' },
} as const satisfies Table

type KeyIn<T extends Table> = { [E in keyof T]: T[E][keyof T[E]] }[keyof T]
export type CallResultKey = KeyIn<typeof callEnds> | KeyIn<typeof transfers>
export type OperationResultKey = KeyIn<typeof operations>

type Row<Key> = { key: Key; evidence: Evidence }

function rowsOf<Key extends ResultKey>(...tables: { [E in Evidence]?: Record<string, Key> }[]): Map<string, Row<Key>> {
  const rows = new Map<string, Row<Key>>()
  for (const evidence of ['documented', 'observed', 'sister-service', 'inferred'] as const) {
    for (const table of tables) {
      for (const [pair, key] of Object.entries(table[evidence] ?? {})) rows.set(pair, { key, evidence })
    }
  }
  return rows
}

/** A pair means another thing in each of these. */
const rowsIn = {
  call: rowsOf(callEnds, transfers, joins),
  transfer: rowsOf(callEnds, transfers),
  operation: rowsOf(operations),
  request: rowsOf(requests, joins),
  invite: rowsOf(operations, invites),
  incoming: rowsOf(incoming),
} satisfies Record<string, Map<string, Row<ResultKey>>>

/** What the pair came with: `request` is a refusal (HTTP status and Graph's number), `incoming` a note of the platform's log. */
export type ResultOf = keyof typeof rowsIn

/**
 * The key of a documented result, null for one that no public page explains. `of` says whether the pair came with a call or with
 * an operation, since 200/0 means another thing in each.
 */
export function explainResult(code: number, subcode: number, of?: 'call'): { key: CallResultKey } | null
export function explainResult(code: number, subcode: number, of: 'operation'): { key: OperationResultKey } | null
export function explainResult(code: number, subcode: number, of: 'call' | 'operation' = 'call') {
  // A call does not end by what refuses a request to join.
  const row = (of === 'call' ? rowsIn.transfer : rowsIn.operation).get(`${code}/${subcode}`)
  return row ? { key: row.key } : null
}

export type Described = {
  /** Null for a pair that no public page explains. */
  key: ResultKey | null
  /** One plain sentence, in English. Never Graph's own message, which can hold phone numbers. */
  words: string
  /** What likely helps; null when nothing is wrong, or nobody knows. */
  remedy: string | null
  evidence: Evidence | null
  /** What Microsoft support asks for, such as 500#7106. It need not equal code and subcode. */
  diagCode: string | null
}

/** A resultInfo, or a refusal as status and number, in plain words. Pure. */
export function describeResult(
  result: { code?: number | null; subcode?: number | null; message?: string | null },
  of: ResultOf,
): Described {
  const { code = null, subcode = null } = result
  const diagCode = /DiagCode:\s*(\d{1,9}#\d{1,9})/i.exec(result.message ?? '')?.[1] ?? null
  const rows: Map<string, Row<ResultKey>> = rowsIn[of]
  const row =
    rows.get(`${code ?? ''}/${subcode ?? ''}`) ??
    rows.get(`#${diagCode}`) ??
    // Only a missing subcode is read from the message; one that is there decides.
    (subcode === null && diagCode ? rows.get(diagCode.replace('#', '/')) : undefined)
  if (!row) return { key: null, words: unexplained(code, subcode), remedy: null, evidence: null, diagCode }
  return { ...row, ...resultWords[row.key], diagCode }
}

const requestsByNumber = new Map(
  [...rowsIn.request].map(([pair, { key }]) => [pair.slice(pair.indexOf('/') + 1), resultWords[key].remedy]),
)

/** What to do about a refusal of that number ("7504"), whatever its HTTP status. */
export function remedyOf(number: string): string | null {
  return requestsByNumber.get(number) ?? null
}
