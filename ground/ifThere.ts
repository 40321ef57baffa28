/** What is done with a file, or null when it is not there, or no longer: somebody else may have been faster. */
export function ifThere<T>(act: () => T): T | null {
  try {
    return act()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
