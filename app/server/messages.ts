import type { MessageItem } from '#designer/wire.ts'
import type { MessageRow } from '#store/messages.ts'

export function messageItem({ callerName, callerId, at, doneAt, doneBy, listens, ...row }: MessageRow): MessageItem {
  return {
    ...row,
    caller: { name: callerName, id: callerId },
    at: at.toISOString(),
    done: doneAt && { at: doneAt.toISOString(), by: doneBy ?? '' },
    listens: listens.map(({ by, at }) => ({ by, at: new Date(at).toISOString() })),
  }
}

/**
 * A sound, whole or the piece that a player asks for (RFC 9110, 14): without pieces nobody could wind in it. One range at a time; of
 * several, or of what cannot be understood, the whole is given, as the RFC allows.
 */
export function inPieces(wav: Uint8Array<ArrayBuffer>, range: string | null): Response {
  const headers = { 'content-type': 'audio/wav', 'cache-control': 'no-store', 'accept-ranges': 'bytes' }
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? []
  if (first === '' && last === '') return new Response(wav, { headers })
  const size = wav.byteLength
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (from > to) return new Response(null, { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` } })
  const piece = { ...headers, 'content-range': `bytes ${from}-${to}/${size}` }
  return new Response(wav.slice(from, to + 1), { status: 206, headers: piece })
}
