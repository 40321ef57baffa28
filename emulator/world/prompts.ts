import type { MediaInfo } from '#communications/wire/types.ts'
import type { Settings } from '../settings.ts'
import type { Activity } from '../wire/activity.ts'
import { localAddress } from '../wire/addresses.ts'
import { readWav } from './wav.ts'

/** A prompt that can be played. `text` is what it says, when the server told it in the header `x-prompt-text`. */
export type Prompt = { bytes: Uint8Array; durationMs: number; text: string | null }

/** A prompt that cannot be played. Subcodes are those of the sister service; Graph's are not documented. */
export class PromptFailure extends Error {
  override readonly name = 'PromptFailure'
  readonly code = 400
  readonly subcode: 8535 | 8536
  /** What exactly was wrong, for the person at the emulator; Graph would not tell. */
  readonly detail: string

  constructor(subcode: 8535 | 8536, detail: string) {
    super(subcode === 8535 ? 'File format is invalid.' : 'File could not be downloaded.')
    this.subcode = subcode
    this.detail = detail
  }
}

const cacheMaxBytes = 64_000_000

/**
 * Fetches a prompt; `text` is the header `x-prompt-text`. Sockets unless the emulator is given another one. Rejects when there is no
 * answer, or one that is too large.
 */
export type FetchMedia = (
  url: string,
  limits: { timeoutMs: number; maxBytes: number },
) => Promise<{ status: number; bytes: Uint8Array; text: string | null }>

type Deps = { activity: Activity; fetchMedia?: FetchMedia | undefined }

export type Prompts = ReturnType<typeof createPrompts>

export function createPrompts(settings: Settings, { activity, fetchMedia = fetchBySocket }: Deps) {
  const cache = new Map<string, { loading: Promise<Prompt>; size: number }>()

  async function load({ uri }: MediaInfo): Promise<Prompt> {
    const isOver = activity.begin()
    try {
      const { status, bytes, text } = await fetchMedia(localAddress(settings.addresses, uri).href, {
        timeoutMs: settings.promptTimeoutMs,
        maxBytes: settings.promptMaxBytes,
      })
      if (status < 200 || status > 299) throw new PromptFailure(8536, `the server answered ${status}`)
      const reading = readWav(bytes)
      if ('fault' in reading) throw new PromptFailure(8535, reading.fault)
      return { bytes, durationMs: reading.durationMs, text: readText(text) }
    } catch (error) {
      if (error instanceof PromptFailure) throw error
      throw new PromptFailure(8536, error instanceof Error ? error.message : String(error))
    } finally {
      isOver()
    }
  }

  /** How long Graph caches is not documented; here the oldest goes when there is no more room. */
  function trim() {
    let total = [...cache.values()].reduce((sum, { size }) => sum + size, 0)
    for (const [key, { size }] of cache) {
      if (total <= cacheMaxBytes) return
      cache.delete(key)
      total -= size
    }
  }

  return {
    /** Fetches and checks a prompt, or takes it from the cache under its resourceId. Rejects with a PromptFailure. */
    get(appId: string, media: MediaInfo): Promise<Prompt> {
      if (!media.resourceId) return load(media)
      const key = `${appId} ${media.resourceId}`
      const known = cache.get(key)
      if (known) return known.loading
      const kept = { loading: load(media), size: 0 }
      cache.set(key, kept)
      kept.loading.then(
        ({ bytes }) => {
          kept.size = bytes.length
          trim()
        },
        () => cache.delete(key),
      )
      return kept.loading
    },
    /** Empties the cache. */
    forget: () => cache.clear(),
  }
}

async function fetchBySocket(url: string, { timeoutMs, maxBytes }: Parameters<FetchMedia>[1]): ReturnType<FetchMedia> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
  const { status } = response
  if (!response.ok) {
    await response.body?.cancel()
    return { status, bytes: new Uint8Array(), text: null }
  }
  return { status, bytes: await readAtMost(maxBytes, response), text: response.headers.get('x-prompt-text') }
}

async function readAtMost(maxBytes: number, response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = response.body?.getReader()
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    length += next.value.length
    if (length > maxBytes) {
      await reader?.cancel()
      throw new PromptFailure(8536, `larger than ${maxBytes} bytes`)
    }
    chunks.push(next.value)
  }
  return Buffer.concat(chunks)
}

/** The header is percent-encoded UTF-8; one that is not is no text. */
function readText(header: string | null): string | null {
  try {
    return header === null ? null : decodeURIComponent(header)
  } catch {
    return null
  }
}
