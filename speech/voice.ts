/** What a voice said. `wav` passes `assertTeamsPrompt`: a 44-byte header, then PCM mono 16 kHz 16 bit. */
export type Speech = { wav: Uint8Array; durationMs: number }

export type Asked = {
  /** A BCP 47 tag; a voice that does not speak it reads the text in its own language. */
  language?: string
  /** Who asks. Those who wait take turns, so that nobody waits for all that another wants. */
  turn?: string
  /** Aborted when nobody waits for it any more: it is not spoken then, or not to its end. */
  signal?: AbortSignal
}

/** Something that turns text into speech. Another provider is one more file beside flite.ts. */
export interface Voice {
  /** Part of the cache key: a voice that comes to sound different takes another name. */
  readonly name: string
  /**
   * What it says for a text: figures and signs in words. Part of the cache key where it is not the text itself, so that whoever
   * teaches it to read something better has just those texts spoken anew. Never shown to anybody.
   */
  readOut?(text: string): string
  /** BCP 47 tags of the languages that it can speak. */
  readonly languages: string[]
  /**
   * The same text gives the same bytes each time.
   * @throws SpeechError `emptyText`, `textTooLong`, `timedOut`, `voiceFailed`, `tooMany`, `busy`, `calledOff` or `closed`
   */
  speak(text: string, options: Asked): Promise<Speech>
}
