/** What a voice said. `wav` passes `assertTeamsPrompt`: a 44-byte header, then PCM mono 16 kHz 16 bit. */
export type Speech = { wav: Uint8Array; durationMs: number }

/** Something that turns text into speech. Another provider is one more file beside flite.ts. */
export interface Voice {
  /** Part of the cache key: a voice that comes to sound different takes another name. */
  readonly name: string
  /** BCP 47 tags of the languages that it can speak. */
  readonly languages: string[]
  /**
   * The same text gives the same bytes each time.
   * @param options.language a BCP 47 tag; a voice that does not speak it reads the text in its own language
   * @throws SpeechError `emptyText`, `textTooLong`, `timedOut`, `voiceFailed` or `closed`
   */
  speak(text: string, options: { language?: string }): Promise<Speech>
}
