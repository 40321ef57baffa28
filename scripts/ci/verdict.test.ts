import { expect, it } from 'vitest'
import { verdictOf } from './verdict.ts'

const report = (numbers: object = {}, testResults: object[] = []) =>
  JSON.stringify({
    numPassedTests: 2,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults,
    ...numbers,
  })

it.each<[string, Record<string, string | null>, boolean, number, number]>([
  ['all passed', { specs: report(), browser: report() }, false, 4, 0],
  ['a test failed', { specs: report({ numFailedTests: 3 }) }, true, 2, 3],
  ['a test was skipped', { specs: report({ numPendingTests: 1 }) }, false, 2, 1],
  ['a test is still to be written', { specs: report({ numTodoTests: 1 }) }, false, 2, 1],
  ['a report is missing', { specs: report(), browser: null }, false, 2, 1],
  ['a report cannot be read', { specs: '{"numPassedTests": 2' }, false, 0, 1],
  [
    'a file did not load',
    { specs: report({}, [{ name: 'a.test.ts', status: 'failed', assertionResults: [] }]) },
    true,
    2,
    1,
  ],
  ['a command failed and no test did', { specs: report() }, true, 2, 1],
])('counts when %s', (_what, reports, commandFailed, passed, failed) => {
  expect(verdictOf(reports, commandFailed)).toMatchObject({ passed, failed })
})

it('says what is no failed test', () => {
  expect(verdictOf({ specs: report({ numPendingTests: 2 }), browser: null }, false).complaints).toEqual([
    'browser: no report that can be read, so it did not run to its end',
    '2 tests were skipped, and CI can run them all',
  ])
})

it('names what failed and why, so that the last lines of a run are enough', () => {
  const specs = report({ numFailedTests: 1 }, [
    {
      name: '/somewhere/flow/a.test.ts',
      status: 'failed',
      assertionResults: [
        { status: 'passed', fullName: 'a call is answered', failureMessages: [] },
        { status: 'failed', fullName: 'a call is ended', failureMessages: ['Error: expected 1 to be 2'] },
      ],
    },
    { name: '/somewhere/flow/b.test.ts', status: 'failed', message: 'Cannot find c.ts', assertionResults: [] },
  ])
  expect(verdictOf({ specs }, true).complaints).toEqual([
    'FAILED a.test.ts > a call is ended\nError: expected 1 to be 2',
    'FAILED b.test.ts > it did not load\nCannot find c.ts',
  ])
})
