import type { StoreError } from '#store/error.ts'

/**
 * Next bundles each route by itself, so one process holds several copies of a class, and `instanceof` knows only one of
 * them: what the store threw would be nobody's. Their names are the same.
 */
export const isNamed = <Kind extends Error>(error: unknown, name: Kind['name']): error is Kind =>
  error instanceof Error && error.name === name

/** The store has found nothing there. */
export const isMissing = (error: unknown): boolean =>
  isNamed<StoreError>(error, 'StoreError') && error.code === 'notFound'
