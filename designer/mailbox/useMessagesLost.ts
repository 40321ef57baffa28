import { api } from '../shell/api.ts'
import { useLoaded } from '../shell/useLoaded.ts'

/** True where nothing of what callers leave is kept; false until that is known. */
export const useMessagesLost = (): boolean => useLoaded('kept messages', api.keptMessages).value?.keeps === false
