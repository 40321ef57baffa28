import { useMemo } from 'react'
import type { KnownNames } from '#flow/check.ts'
import { api } from '../shell/api.ts'
import { useLoaded } from '../shell/useLoaded.ts'

/** The secrets and values that flows can name here; undefined until that is known. */
export function useKnownNames(): KnownNames | undefined {
  const { value } = useLoaded('names', api.namedValues)
  return useMemo(() => {
    if (!value) return undefined
    const of = (kind: 'secret' | 'value') => value.items.flatMap((item) => (item.kind === kind ? [item.name] : []))
    return { secret: of('secret'), value: of('value') }
  }, [value])
}
