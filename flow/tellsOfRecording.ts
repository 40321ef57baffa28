/**
 * What tells callers, in these languages, that they are recorded: the word itself, or that they are asked to leave a message, to speak after
 * the tone or into a mailbox. Whether a text says so in another language nobody here knows.
 */
const telling: Readonly<Record<string, RegExp>> = {
  en: /\brecord(?:ed|ing|s)?\b|\b(?:leave|take|give) (?:us |me |them )?(?:a |your )?(?:\w+ )?message\b|\bvoice ?mail\b|\bmailbox\b|\bafter the (?:tone|beep|signal)\b/i,
  de: /aufgezeichnet|aufgenommen|aufzeichn|aufnahme|aufnehmen|nachricht (?:zu )?hinterlass|hinterlassen sie|sprechen sie (?:bitte )?nach|nach dem (?:signal|ton|piep)|mailbox|anrufbeantworter/i,
  fr: /enregistr|laiss(?:er|ez)[^.]{0,30}message|après le (?:bip|signal)|messagerie|boîte vocale|répondeur/i,
  es: /grab(?:ad|ar|ac|an|e|amos)|dej(?:e|ar|a|en)[^.]{0,30}mensaje|después (?:de la señal|del tono)|buzón de voz|contestador/i,
  it: /registra(?:t|zion|re|mo)|lasci(?:are|a|ate)[^.]{0,30}messaggio|dopo il (?:segnale|bip|tono)|segreteria|casella vocale/i,
  nl: /opgenomen|opname|opnemen|bericht (?:in|achter|na)|spreek[^.]{0,30}in\b|na de (?:toon|piep)|voicemail|antwoordapparaat/i,
  pt: /grava(?:d|ç|r|mos)|deix(?:e|ar|a)[^.]{0,30}mensagem|após o (?:sinal|bip)|caixa postal|correio de voz/i,
}

/** Whether these texts tell a caller of the recording; in a language that stands not above, whether there are any. */
export function tellsOfRecording(texts: readonly string[], language: string): boolean {
  const words = telling[language.split('-')[0]?.toLowerCase() ?? '']
  return words ? words.test(texts.join(' ').normalize('NFC')) : texts.length > 0
}
