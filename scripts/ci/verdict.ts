import { basename } from 'node:path'
import * as z from 'zod'
import { json } from '#ground/json.ts'

/** Of what Vitest's JSON reporter writes, what counts here: https://vitest.dev/guide/reporters.html#json-reporter */
const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()).default([]) }),
      ),
    }),
  ),
})

/** Each failed test of a file in a few lines, and the file where it did not load: who reads CI's end need not look for its middle. */
const failuresOf = ({ name, status, message, assertionResults }: z.infer<typeof Report>['testResults'][number]) => {
  const said = (what: string, why: string) => `FAILED ${basename(name)} > ${what}\n${why.slice(0, 2_000)}`
  if (status === 'failed' && assertionResults.length === 0) return [said('it did not load', message)]
  return assertionResults
    .filter((test) => test.status === 'failed')
    .map((test) => said(test.fullName, test.failureMessages.join('\n')))
}

/**
 * What a run of CI has come to. What is no failed test, and may not be all the same, counts as one: a report that is missing or
 * cannot be read, a file that did not load, each test that was skipped, and a command that failed where no test did.
 * @param reports the text of each report by name; null where none was written
 */
export function verdictOf(reports: Record<string, string | null>, commandFailed: boolean) {
  const complaints: string[] = []
  let [passed, failed, skipped] = [0, 0, 0]
  for (const [name, text] of Object.entries(reports)) {
    const report = Report.safeParse(json(text ?? '')).data
    if (!report) {
      complaints.push(`${name}: no report that can be read, so it did not run to its end`)
      failed += 1
      continue
    }
    complaints.push(...report.testResults.flatMap(failuresOf))
    const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
    passed += report.numPassedTests
    failed += report.numFailedTests + unloaded.length
    skipped += report.numPendingTests + report.numTodoTests
  }
  if (skipped > 0) complaints.push(`${skipped} tests were skipped, and CI can run them all`)
  failed += skipped
  // Format, lint, types, a package.
  if (failed === 0 && commandFailed) failed = 1
  return { passed, failed, complaints }
}
