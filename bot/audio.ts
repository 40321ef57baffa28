/** The audio of a prompt as it is served. */
export type Audio = { wav: Uint8Array; text: string }

/** Null for an id that nobody has given out. */
type Load = (publicId: string) => Promise<Audio | null>

const defaultMostBytes = 64 * 1024 * 1024

/**
 * Prompt audio in memory, so that a prompt is served while the database is away, and a cached one costs no query.
 * Bounded by bytes; the least recently used goes first.
 */
export function createAudioCache(load: Load, mostBytes: number = defaultMostBytes) {
  const kept = new Map<string, Audio>()
  let bytes = 0
  return {
    /** `from`: for whoever must not wait behind strangers, who may ask for any id. */
    async get(publicId: string, from: Load = load): Promise<Audio | null> {
      const known = kept.get(publicId)
      if (known) {
        kept.delete(publicId)
        kept.set(publicId, known)
        return known
      }
      const audio = await from(publicId)
      if (!audio || kept.has(publicId)) return audio
      kept.set(publicId, audio)
      bytes += audio.wav.byteLength
      for (const [id, oldest] of kept) {
        if (bytes <= mostBytes || id === publicId) break
        kept.delete(id)
        bytes -= oldest.wav.byteLength
      }
      return audio
    },
  }
}

export type AudioCache = ReturnType<typeof createAudioCache>
