const sentences = {
  emptyText: 'There is nothing to say: the text is empty. Write the words that the caller should hear.',
  textTooLong: 'The text is too long for one prompt. Split it into several prompts.',
  timedOut: 'The voice took too long over a text. Make the text shorter, or try again when the machine is less busy.',
  tooMany: 'Too many texts of yours wait to be spoken. Wait until some are done, and try again.',
  busy: 'The voice has too much to do at this moment. Try again in some seconds.',
  calledOff: 'Nobody waits for this text any more, so it was not spoken.',
  voiceFailed: 'The voice stopped in the middle of a text. Try again; if the same text fails again, change its words.',
  closed: 'The voice has been closed, because the program is ending. Start the program again.',
  notWav: 'This is not a WAV file that can be read. Save the sound again as WAV, uncompressed (PCM).',
  notTeamsPrompt: 'Teams plays only WAV files with PCM, mono, 16 bit, 16 kHz. Convert the file to that format.',
}

export type SpeechErrorCode = keyof typeof sentences

/** What can go wrong between a text and a prompt. The message never holds the text: it may name people and numbers. */
export class SpeechError extends Error {
  override readonly name = 'SpeechError'
  readonly code: SpeechErrorCode

  constructor(code: SpeechErrorCode, detail?: string, options?: ErrorOptions) {
    super(detail ? `${sentences[code]} (${detail})` : sentences[code], options)
    this.code = code
  }
}
