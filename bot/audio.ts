/** The audio of a prompt as it is served. */
export type Audio = { wav: Uint8Array; text: string }

const defaultMostBytes = 64 * 1024 * 1024

/**
 * Prompt audio in memory, so that a prompt is served while the database is away, and a cached one costs no query.
 * Bounded by bytes; the least recently used goes first.
 */
export function createAudioCache(
  load: (publicId: string) => Promise<Audio | null>,
  mostBytes: number = defaultMostBytes,
) {
  const kept = new Map<string, Audio>()
  let bytes = 0
  return {
    async get(publicId: string): Promise<Audio | null> {
      const known = kept.get(publicId)
      if (known) {
        kept.delete(publicId)
        kept.set(publicId, known)
        return known
      }
      const audio = await load(publicId)
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
