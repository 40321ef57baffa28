import { useMemo } from 'react'
import { type KnownNames, knownNames } from '#flow/named.ts'
import { api } from '../shell/api.ts'
import { useLoaded } from '../shell/useLoaded.ts'

/** The secrets and values that flows can name here; undefined until that is known. */
export function useKnownNames(): { names: KnownNames | undefined; reloadNames(): void } {
  const { value, reload } = useLoaded('names', api.namedValues)
  const names = useMemo(() => (value ? knownNames(value.items) : undefined), [value])
  return { names, reloadNames: reload }
}
