import type { SaveState } from '../draft/saver.ts'
import { designerMessages } from '../messages/designer.ts'
import { errorWords, momentOf } from '../shell/words.ts'

const { saved: words } = designerMessages

/** Where the draft stands, in words: "Draft saved at 10:42 · callers hear version 7". */
export function savedWords(state: SaveState, version: number | null): string {
  const hear = version === null ? words.hearNothing : words.hear(version)
  switch (state.type) {
    case 'saved':
      return `${words.saved(momentOf(state.at))} · ${hear}`
    case 'saving':
      return `${words.saving} · ${hear}`
    case 'offline':
      return state.kept ? words.offline : words.offlineNotKept
    case 'conflict':
      return words.conflict
    case 'failed':
      return words.failed(errorWords(state.error))
  }
}
