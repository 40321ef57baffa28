import { detailOf } from '#flow/failure.ts'
import { choiceOf } from '#flow/links.ts'
import { isDrawn, type Stay, staysOf, traceOf } from '../calls/visits.ts'
import { phoneMessages as words } from '../messages/phone.ts'
import { type Viewed, viewedOf } from '../views.ts'
import type { PhoneCall } from './call.ts'
import type { Entry } from './entry.ts'
import type { TransferOutcome } from './line.ts'
import { waitOf } from './waiting.ts'

type Stage = 'ready' | 'dialling' | 'ringing' | 'connected' | 'waiting' | 'recording' | 'transferring' | 'ended'

/** One line of what the phone shows of a call. `block` leads to the block that it is about. */
export type Line = { id: string; at: string; block: string | null } & (
  | { kind: 'said'; text: string | null }
  | { kind: 'pressed'; keys: string; meaning: string | null }
  | { kind: 'recorded'; ms: number; silent: boolean }
  | { kind: 'again'; reason: string; seconds: number | null }
  | { kind: 'transfer'; outcome: TransferOutcome | null }
  | { kind: 'redirected'; name: string | null; outcome: TransferOutcome | null }
  | { kind: 'blockFailed'; problem: string }
  | { kind: 'serviceFailed'; what: string }
)

/** What the caller says is recorded: since when, until when they speak, and by which key it ends; times in milliseconds since 1970. */
export type Recording = { since: number; speaksUntil: number; stopKey: string | null }

export type End =
  | { by: 'bot' | 'caller' | 'transferred' | 'rejected' | 'lost' }
  | { by: 'redirected'; name: string | null; taken: boolean }
  | { by: 'service'; code: number | null; subcode: number | null }

export type PhoneView = ReturnType<typeof viewOf>

/** What the phone shows of a call: everything reckoned from what was heard of it, nothing kept beside. */
export function viewOf(call: PhoneCall) {
  const { entries, steps, flow } = call
  const ended = call.stage === 'ended'
  const answered = entries.find((entry) => entry.kind === 'state' && entry.state === 'established')
  const last = entries.findLast(({ kind }) => kind === 'ended')
  const stays = staysOf(steps)
  const running = ended ? undefined : stays.at(-1)
  const transfer = entries.findLast((entry) => entry.kind === 'transfer')
  const transferring = !ended && transfer?.kind === 'transfer' && transfer.outcome === null
  const viewed = flow && viewedOf(flow)
  const recording = viewed && running && !transferring ? recordingOf(entries, viewed, running) : null
  const wait = viewed && running && running.exit === null && !transferring ? waitOf(viewed, running, entries) : null

  return {
    stage: stageOf(call, {
      answered: answered !== undefined,
      transferring,
      waiting: wait !== null,
      recording: recording !== null,
    }),
    /** When the caller was answered, and when the call ended, in milliseconds since 1970. */
    since: answered ? Date.parse(answered.at) : null,
    until: last ? Date.parse(last.at) : null,
    lines: viewed ? linesOf(call, viewed, stays) : [],
    /** Keys that mean something now, and what. */
    keys: viewed && running && answered ? keysOf(viewed, running.block) : new Map<string, string>(),
    wait,
    recording,
    /** The name of the flow that the call is in, where the one that was dialled has entered it. */
    inFlow: running ? enteredBy(call, running) : null,
    /** The name of whom the call is, or was last, being transferred to. */
    person: viewed && personOf(viewed, stays),
    end: ended ? endOf(call, viewed) : null,
    trace: stays.length > 0 ? traceOf(stays, !ended) : null,
  }
}

function stageOf(
  { stage }: PhoneCall,
  {
    answered,
    transferring,
    waiting,
    recording,
  }: Record<'answered' | 'transferring' | 'waiting' | 'recording', boolean>,
): Stage {
  if (stage !== 'placed') return stage
  if (transferring) return 'transferring'
  if (recording) return 'recording'
  if (waiting) return 'waiting'
  return answered ? 'connected' : 'ringing'
}

function enteredBy({ flow, steps, elsewhere }: PhoneCall, { block }: Stay): string | null {
  const last = Math.max(0, ...steps.map(({ seq }) => seq))
  const drawn = flow?.blocks[block]
  return elsewhere > last && drawn ? (choiceOf(drawn, 'flow')?.name ?? null) : null
}

function recordingOf(entries: readonly Entry[], { views }: Viewed, { block }: Stay): Recording | null {
  const last = entries.findLast(({ kind }) => kind === 'recording' || kind === 'recorded')
  if (last?.kind !== 'recording') return null
  const spoke = entries.findLast((entry) => entry.kind === 'spoke')
  const speaksUntil = spoke?.kind === 'spoke' ? Date.parse(spoke.at) + spoke.durationMs : 0
  const stopKey = views.get(block)?.opened?.keys.find(({ does }) => does === 'done')?.key ?? null
  return { since: Date.parse(last.at), speaksUntil, stopKey }
}

/** The keys that mean something to a block, with what they mean there; a key that is only typed has no words. */
const keysOf = ({ views }: Viewed, block: string): ReadonlyMap<string, string> =>
  new Map(views.get(block)?.opened?.keys.map(({ key, label = '', does }) => [key, does ? words.meanings[does] : label]))

/**
 * A key as it may be shown. Where a flow asks for something sensitive it may be typed ahead, in any block before, so there only keys
 * that mean something to the block of the moment are.
 */
function shownKey({ views }: Viewed, block: string | null, key: string): string {
  if (![...views.values()].some(({ opened }) => opened?.sensitive)) return key
  const opened = views.get(block ?? '')?.opened
  return !opened?.sensitive && opened?.keys.some((one) => one.key === key) ? key : '•'
}

/** Prompts, keys and transfers as the caller had them, and between them what the flow did about it. */
function linesOf({ entries, steps }: PhoneCall, viewed: Viewed, stays: readonly Stay[]): Line[] {
  const blockAt = (at: string) => stays.findLast((stay) => stay.at <= at)?.block ?? null
  const lines: Line[] = []
  for (const entry of entries) {
    const block = blockAt(entry.at)
    const line = lineOf(entry, block, viewed)
    const before = lines.at(-1)
    if (line?.kind === 'pressed' && before?.kind === 'pressed' && before.block === line.block) {
      // Digits of one number stand together.
      lines[lines.length - 1] = { ...before, keys: before.keys + line.keys, meaning: null }
    } else if (line?.kind === 'said' && before?.kind === 'said' && before.id === line.id) {
      // Texts of one queue of prompts stand together.
      lines[lines.length - 1] = { ...before, text: [before.text, line.text].filter(Boolean).join(' ') || null }
    } else if (line) lines.push(line)
  }
  for (const { seq, at, block, event, exit, detail } of steps) {
    const { reason, problem } = detailOf(detail)
    const id = `step ${seq}`
    if (event === 'again' && typeof reason === 'string') {
      lines.push({ id, at, block, kind: 'again', reason, seconds: secondsOf(viewed, block) })
    } else if (event === 'failed' || (exit === 'error' && problem !== undefined)) {
      lines.push({
        id,
        at,
        block: isDrawn(block) ? block : null,
        kind: 'blockFailed',
        problem: typeof problem === 'string' ? problem : 'failed',
      })
    }
  }
  return lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}

/** Nothing was said before the first silence was over (contract: result-codes.json, media). */
const silentSubcode = 8510

function lineOf(entry: Entry, block: string | null, viewed: Viewed): Line | null {
  const { at, n } = entry
  const common = { id: `entry ${n}`, at, block: block !== null && isDrawn(block) ? block : null }
  switch (entry.kind) {
    case 'prompt':
      return { ...common, id: `prompt ${entry.operationId}`, kind: 'said', text: entry.text }
    case 'tone': {
      const meaning = keysOf(viewed, block ?? '').get(entry.tone)
      return { ...common, kind: 'pressed', keys: shownKey(viewed, block, entry.tone), meaning: meaning || null }
    }
    case 'recorded':
      return { ...common, kind: 'recorded', ms: entry.durationMs, silent: entry.subcode === silentSubcode }
    case 'transfer':
      return { ...common, kind: 'transfer', outcome: entry.outcome }
    case 'redirected':
      return { ...common, kind: 'redirected', name: nameIn(viewed, entry.id), outcome: entry.outcome }
    case 'failed':
      // How a transfer came out has just been said.
      return entry.what === 'transfer' ? null : { ...common, kind: 'serviceFailed', what: entry.what }
    default:
      return null
  }
}

/** How long the caller had before the block asked again. */
function secondsOf({ views }: Viewed, block: string): number | null {
  const waiting = views.get(block)?.opened?.waiting?.({ again: [], typing: false })
  return waiting ? waiting.ms / 1000 : null
}

function personOf({ views }: Viewed, stays: readonly Stay[]): string | null {
  const people = stays.flatMap(({ block }) => views.get(block)?.opened?.handsOverTo ?? [])
  return people.at(-1)?.name || null
}

/** The name of somebody to whom a call is sent on, by the id that rings. */
function nameIn({ views }: Viewed, id: string | null): string | null {
  const targets = [...views.values()].flatMap(({ opened }) => opened?.redirectsTo ?? [])
  return targets.find((target) => target.id === id)?.name || null
}

function endOf({ entries, lost }: PhoneCall, viewed: Viewed | null): End {
  if (lost) return { by: 'lost' }
  const end = entries.findLast((entry) => entry.kind === 'ended')
  if (end?.kind !== 'ended') return { by: 'lost' }
  const transferred = entries.some((entry) => entry.kind === 'transfer' && entry.outcome === 'accept')
  if (transferred && end.by !== 'caller') return { by: 'transferred' }
  const sentOn = entries.findLast((entry) => entry.kind === 'redirected' && entry.outcome !== null)
  if (sentOn?.kind === 'redirected' && end.by === 'service') {
    return { by: 'redirected', name: viewed && nameIn(viewed, sentOn.id), taken: sentOn.outcome === 'accept' }
  }
  const answered = entries.some((entry) => entry.kind === 'state' && /^establish/.test(entry.state))
  if (end.by === 'bot' && !answered) return { by: 'rejected' }
  if (end.by !== 'service') return { by: end.by }
  return { by: 'service', code: end.result?.code ?? null, subcode: end.result?.subcode ?? null }
}
