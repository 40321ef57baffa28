import type { SaveState } from '../draft/saver.ts'
import { designerMessages } from '../messages/designer.ts'
import { errorWords, momentOf, numberWords } from '../shell/words.ts'
import type { OpenedFlow, Publishing } from '../wire.ts'
import { isUnderWay } from './usePublishing.ts'

const { saved: words } = designerMessages

/** What callers hear of a flow, and what they are about to hear. */
export type Hearing = {
  version: number | null
  publishing: Publishing | null
  answers: OpenedFlow['answers']
  defaultIsFree: boolean
}

/** Where the draft stands, in words: "Draft saved at 10:42 · callers hear version 7". */
export function savedWords(state: SaveState, hearing: Hearing): string {
  const hear = hearWords(hearing)
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

/** One truth: nobody hears a version that answers nothing. */
function hearWords({ version, publishing, answers }: Hearing): string {
  if (isUnderWay(publishing)) return words.publishing
  if (publishing?.state === 'failed') return words.publishingFailed
  if (version === null) return words.hearNothing
  return answers.length > 0 ? words.hear(version) : words.nobodyHears(version)
}

/** How far a publishing is: "312 of 1,000 prompts"; null while that is not known or of no interest. */
export function progressWords(publishing: Publishing | null): string | null {
  if (!isUnderWay(publishing) || publishing.total === 0) return null
  return words.progress(numberWords(publishing.done), numberWords(publishing.total))
}
