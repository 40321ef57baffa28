import * as z from 'zod'
import { json } from '#ground/json.ts'
import type { HistoryEntry } from '#store/history.ts'
import type { Ended, Stray } from './stray.ts'

/**
 * The lines of a journal. The first is its head; each other one has a sign, our id of a call, and what is to be known: `+` it has
 * begun, `~` it is as good as over, `-` it is over. A line that a crash or a full disk has cut short is passed by.
 */

const Head = z.object({ process: z.guid(), appId: z.string(), host: z.string() })
/** Whose journal it is: a process, of a bot's app, on a machine. */
export type Head = z.infer<typeof Head>

const Call = z.object({
  id: z.guid(),
  tenantId: z.string(),
  graphCallId: z.string(),
  flowId: z.string(),
  versionId: z.string(),
  test: z.boolean(),
  at: z.number(),
  outcome: z.string().nullable(),
})
const End = z.object({
  at: z.number(),
  outcome: z.string(),
  endCode: z.number().nullable(),
  endSubcode: z.number().nullable(),
})

export const headLine = (head: Head): string => `#${JSON.stringify(head)}\n`

export const openLine = ({ id, tenantId, graphCallId, flowId, versionId, test, at, outcome }: Stray): string =>
  `+${id} ${JSON.stringify({ id, tenantId, graphCallId, flowId, versionId, test, at, outcome } satisfies Stray)}\n`

export const endLine = (id: string, { at, outcome, endCode, endSubcode }: Ended): string =>
  `-${id} ${JSON.stringify({ at, outcome, endCode, endSubcode } satisfies Ended)}\n`

/** The line for what the history is told; null for what a journal leaves out. */
export function lineOf(entry: HistoryEntry): string | null {
  switch (entry.kind) {
    case 'began':
      return openLine({ ...entry, at: entry.at.getTime(), outcome: null })
    case 'leaving':
      return `~${entry.id} ${JSON.stringify(entry.outcome)}\n`
    case 'ended':
      return endLine(entry.id, { ...entry, at: entry.at.getTime() })
    default:
      return null
  }
}

const signed = /^([+~-])([0-9a-f-]{36}) (.+)$/

/** Null when it is nobody's. */
export function headOf(text: string): Head | null {
  const [first = ''] = text.split('\n', 1)
  return (first.startsWith('#') && Head.safeParse(read(first.slice(1))).data) || null
}

/** The calls in a journal: those that are open, oldest first, and those that are over. */
export function callsIn(text: string): { open: Stray[]; ended: { call: Stray; end: Ended }[] } {
  const calls = new Map<string, Stray>()
  const ends = new Map<string, Ended>()
  for (const line of text.split('\n')) {
    const [, sign, id = '', what = ''] = signed.exec(line) ?? []
    const known = calls.get(id)
    if (sign === '+') {
      const call = Call.safeParse(read(what)).data
      // Taken from the database a second time, where less may be known.
      if (call && call.id === id) calls.set(id, { ...call, outcome: call.outcome ?? known?.outcome ?? null })
    } else if (sign === '~' && known) {
      const outcome = z.string().safeParse(read(what)).data
      if (outcome !== undefined) calls.set(id, { ...known, outcome })
    } else if (sign === '-') {
      const end = End.safeParse(read(what)).data
      // The first was told by who saw it.
      if (end && !ends.has(id)) ends.set(id, end)
    }
  }
  const open = [...calls.values()].filter(({ id }) => !ends.has(id)).sort((one, other) => one.at - other.at)
  const ended = [...ends].flatMap(([id, end]) => {
    const call = calls.get(id)
    return call ? [{ call, end }] : []
  })
  return { open, ended }
}

/** The lines of the calls that are open, and the head: what is left of a journal when the others are in the books. */
export function withoutEnded(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '')
  const over = new Set(lines.filter((line) => line.startsWith('-')).map(idOf))
  return lines
    .filter((line) => !over.has(idOf(line)))
    .map((line) => `${line}\n`)
    .join('')
}

/** By position and not by reading: this is done while callers wait. */
const idOf = (line: string) => line.slice(1, 37)

function read(text: string): unknown {
  return json(text) ?? null
}
