import { expect, it } from 'vitest'
import { tellsOfRecording } from './tellsOfRecording.ts'

it.each([
  ['en-US', 'Your message is recorded.', 'Welcome to Contoso.'],
  ['en-GB', 'Please speak after the tone.', 'We are closed today.'],
  ['de-DE', 'Ihre Nachricht wird aufgezeichnet.', 'Willkommen bei Contoso. Wir haben gerade geschlossen.'],
  ['de-AT', 'Bitte sprechen Sie nach dem Signalton.', 'Bitte wählen Sie eine Abteilung.'],
  ['fr-FR', 'Laissez-nous votre message.', 'Bienvenue chez Contoso.'],
  ['fr-CA', 'Votre appel est enregistré.', 'Nos bureaux sont fermés.'],
  ['es-ES', 'Deje su mensaje después de la señal.', 'Bienvenido a Contoso.'],
  ['es-MX', 'Esta llamada será grabada.', 'Gracias por llamar. Gran servicio.'],
  ['it-IT', 'Lasci un messaggio dopo il segnale.', 'Benvenuti.'],
  ['nl-NL', 'Spreek uw bericht in na de toon.', 'Welkom bij Contoso.'],
  ['pt-BR', 'Deixe sua mensagem após o sinal.', 'Bem-vindo.'],
])('knows in %s that “%s” tells of a recording and “%s” does not', (language, telling, other) => {
  expect([tellsOfRecording([telling], language), tellsOfRecording([other], language)]).toEqual([true, false])
})

it('knows nothing of other languages, where it is enough that something is said', () => {
  expect([tellsOfRecording(['こんにちは'], 'ja-JP'), tellsOfRecording([], 'ja-JP')]).toEqual([true, false])
})
