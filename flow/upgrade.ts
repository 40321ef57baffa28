type Document = Readonly<Record<string, unknown>>

/** Makes a document of one version into one of the next; `schemaVersion` is set by who calls it. */
type Step = (document: Document) => Document

/**
 * From each version of the document to the next. There is only version 1 yet: who makes version 2 writes `1: (document) => ...`, and
 * drafts, versions and files of before are read by it.
 */
const steps: Readonly<Record<number, Step>> = {}

/**
 * A document as the current version writes it, if it is of an earlier one; everything else as it is, also what is no document.
 * @param to the current version
 */
export function upgraded(value: unknown, to: number, by: Readonly<Record<number, Step>> = steps): unknown {
  let document = value
  for (let from = versionOf(document); from !== null && from < to; from += 1) {
    const step = by[from]
    if (!step) break
    document = { ...step(document as Document), schemaVersion: from + 1 }
  }
  return document
}

const versionOf = (value: unknown): number | null =>
  typeof value === 'object' && value !== null && 'schemaVersion' in value && Number.isInteger(value.schemaVersion)
    ? Number(value.schemaVersion)
    : null
