import { expect, it } from 'vitest'
import { healthOf, type Standing } from './health.ts'
import { well } from './testing/standing.ts'

it('is well when nothing is wrong, also while entries of the history take their turn', () => {
  const standing = { ...well, history: { waiting: 40, failing: null } }
  expect(healthOf(standing)).toEqual({ ready: true, ok: true, problems: [] })
})

it.each<[what: string, standing: Partial<Standing>, ready: boolean, code: string]>([
  ['no keys were ever loaded', { keys: false }, false, 'noKeys'],
  ['the secret is wrong', { token: 'refused' }, false, 'tokenRefused'],
  ['the first token is being asked for', { token: 'asking' }, false, 'tokenAsked'],
  ['it is not known what answers', { routes: false }, false, 'noRoutes'],
  ['Entra is away', { token: 'away' }, true, 'loginAway'],
  ['the database is away', { database: 'away' }, true, 'databaseAway'],
  ['the history waits for a full disk', { history: { waiting: 1, failing: '53100' } }, true, 'historyWaits'],
  ['the journal cannot be written', { journal: 'away' }, true, 'noJournal'],
  ['callers of a process that died are on the line', { strays: true }, true, 'callersLeft'],
])('when %s it says so (B9)', (_what, standing, ready, code) => {
  const health = healthOf({ ...well, ...standing })
  expect(health).toMatchObject({ ready, ok: false, problems: [{ code, message: expect.stringMatching(/\w+/) }] })
})

it('says all that is wrong, what stops calls first', () => {
  const { problems } = healthOf({ ...well, keys: false, database: 'away', routes: false })
  expect(problems.map(({ code }) => code)).toEqual(['noKeys', 'noRoutes', 'databaseAway'])
})
