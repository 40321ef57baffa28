/** Where it happened and what kind it was. Its message may hold what people typed, so it is left out. */
export function logError(id: string, error: unknown) {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const where = error instanceof Error ? error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) : undefined
  const name = error instanceof Error ? error.name : typeof error
  process.stderr.write(`${JSON.stringify({ level: 'error', process: 'designer', id, name, code, where })}\n`)
}
