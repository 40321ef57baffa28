// @ts-check
import { learnNames, plainId, rowOfEntry, rowOfExchange } from './rows.js'

/**
 * What the page knows, as the news tell it. No DOM here.
 *
 * @typedef {import('./rows.js').Row} Row
 * @typedef {import('./rows.js').Call} Call
 * @typedef {import('./pageRoutes.ts').News} News
 * @typedef {ReturnType<typeof createKnown>} Known
 */

/** More rows than this are not kept, or the page would grow for ever. */
export const maxRows = 500

export const createKnown = () => ({
  /** @type {Map<string, Call>} */
  calls: new Map(),
  /** @type {Map<string, Row>} */
  rows: new Map(),
  /** Rows of the chosen call that `rows` does not hold any more. @type {Map<string, Row>} */
  olderRows: new Map(),
  /** @type {import('./rows.js').Names} */
  names: new Map(),
  /** Telephones that ring now, for any call. @type {News['rings']} */
  rings: [],
  instance: '',
  /** How far the emulator's clock is ahead of ours; it may run in a time of its own. */
  ahead: 0,
  /** The call that is looked at; null for all. @type {string | null} */
  chosenId: null,
  /** Whether rows were left out of what is shown. */
  isCut: false,
})

/** @param {Known} known */
export const nowOf = ({ ahead }) => Date.now() + ahead

/** Of one moment, what happened on the call comes before what was said about it. @param {Row} one @param {Row} other */
const byTime = (one, other) =>
  one.at < other.at ? -1 : one.at > other.at ? 1 : Number(other.key.startsWith('e')) - Number(one.key.startsWith('e'))

/** @param {Known} known @param {Map<string, Row>} kept @param {Row[]} added */
function keep(known, kept, added) {
  for (const row of added) kept.set(row.key, row)
  if (kept.size <= maxRows) return
  const inOrder = [...kept.values()].sort(byTime)
  for (const { key } of inOrder.slice(0, inOrder.length - maxRows)) kept.delete(key)
  known.isCut = true
}

/** @param {Known} known @param {News} news */
export function hear(known, news) {
  const { calls, rows, olderRows, names } = known
  if (news.instance !== known.instance) {
    known.instance = news.instance
    for (const kept of [calls, rows, olderRows, names]) kept.clear()
    known.isCut = false
  }
  known.ahead = news.now - Date.now()
  if (news.whole) {
    const told = new Set(news.calls.map(({ id }) => id))
    for (const id of calls.keys()) if (!told.has(id)) forget(known, id)
    if ((news.traffic[0]?.n ?? 0) > news.firstKept) known.isCut = true
  }
  known.rings = news.rings
  learnNames(names, [news.calls, news.traffic, news.entries, news.rings])
  for (const call of news.calls) calls.set(call.id, call)
  for (const id of news.gone) forget(known, id)
  for (const kept of [rows, olderRows]) {
    for (const key of kept.keys()) if (key.startsWith('x') && Number(key.slice(1)) < news.firstKept) kept.delete(key)
  }
  keep(known, rows, [...news.traffic.map(rowOfExchange), ...news.entries.map((entry) => rowOfEntry(entry, names))])
}

/** @param {Known} known @param {string} id */
function forget({ calls, rows, olderRows }, id) {
  calls.delete(id)
  for (const kept of [rows, olderRows]) {
    for (const [key, { kind }] of kept) if (key.startsWith(`e${id}:`) && kind !== 'request') kept.delete(key)
  }
}

/**
 * What happened on the chosen call before this page heard of it.
 * @param {Known} known @param {any} call as the control API gives it, with its transcript @param {any[]} exchanges
 */
export function learnOlder(known, call, exchanges) {
  const { names, olderRows } = known
  learnNames(names, [call, exchanges])
  const entries = call.transcript.map((/** @type {any} */ entry) => rowOfEntry({ ...entry, callId: call.id }, names))
  keep(known, olderRows, [...entries, ...exchanges.map(rowOfExchange)])
}

/** @param {Known} known @param {string | null} id */
export function choose(known, id) {
  known.chosenId = id
  known.olderRows.clear()
  known.isCut = false
}

/** The call that is looked at. One that is no longer kept is let go. @param {Known} known */
export function chosenCall(known) {
  const call = known.chosenId ? known.calls.get(known.chosenId) : undefined
  if (known.chosenId && !call) {
    known.chosenId = null
    known.olderRows.clear()
  }
  return call
}

/** @param {Known} known @returns {Row[]} */
export function rowsShown(known) {
  const { rows, olderRows, chosenId } = known
  if (!chosenId) return [...rows.values()].sort(byTime)
  const id = plainId(chosenId)
  const all = new Map(olderRows)
  for (const [key, row] of rows) if (plainId(row.callId) === id) all.set(key, row)
  const inOrder = [...all.values()].sort(byTime)
  if (inOrder.length > maxRows) known.isCut = true
  return inOrder.slice(-maxRows)
}
