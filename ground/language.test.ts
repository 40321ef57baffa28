import { afterEach, expect, it, vi } from 'vitest'
import { chooseLanguage, chooseMessages, type Translation, wantedLanguage } from './language.ts'

const english = {
  title: 'Calls',
  running: (count: number) => (count === 1 ? 'one call' : `${count} calls`),
  empty: { title: 'No calls yet', text: 'Call a flow.' },
  steps: ['Call.', 'Listen.'],
}
const fr: Translation<typeof english> = { title: 'Appels', empty: { title: 'Aucun appel' }, steps: ['Appelez.'] }

afterEach(() => vi.unstubAllGlobals())

it('says in English what a language does not have', () => {
  const words = chooseMessages(english, { fr }, 'fr')
  expect([words.title, words.running(2), words.empty]).toEqual([
    'Appels',
    '2 calls',
    { title: 'Aucun appel', text: 'Call a flow.' },
  ])
  expect(words.steps).toEqual(['Appelez.'])
})

it('lets a language have no keys that English does not have', () => {
  // @ts-expect-error: a slip in a key
  const slip: Translation<typeof english> = { titel: 'Appels' }
  // @ts-expect-error: a text where there is a group
  const flat: Translation<typeof english> = { empty: 'Aucun appel' }
  expect([slip, flat]).toHaveLength(2)
})

it.each([
  ['fr', 'fr'],
  ['fr-CA', 'fr'],
  ['fr_FR.UTF-8', 'fr'],
  ['pt_BR', 'pt-BR'],
  ['de:fr:en', 'fr'],
  ['en:fr', 'en'],
  ['de', 'en'],
  ['', 'en'],
])('for %j chooses %s', (wanted, chosen) => {
  expect(chooseLanguage(['fr', 'pt-BR'], wanted)).toBe(chosen)
})

it('wants the language of the page, else of the setting, else English', () => {
  vi.stubEnv('LANGUAGE', undefined)
  expect(wantedLanguage()).toBe('en')
  vi.stubEnv('LANGUAGE', 'fr')
  expect(wantedLanguage()).toBe('fr')
  vi.stubGlobal('document', { documentElement: { lang: 'de' } })
  expect(wantedLanguage()).toBe('de')
  vi.unstubAllEnvs()
})
