import { versionsMessages as words } from '../messages/versions.ts'
import { ConfirmDialog } from '../shell/ConfirmDialog.tsx'
import { refusal } from '../shell/error.ts'
import { errorWords } from '../shell/words.ts'
import type { VersionActions, VersionRef } from './useVersionActions.ts'

/** What the questions need to know of the flow as it stands. */
type Standing = { draft: { revision: number }; heard: { id: string; number: number; liveCalls: number } | null }

type Props = { actions: VersionActions; standing: Standing }

/** Asks once before a way back is taken, and says what callers will notice. */
export function VersionDialogs({ actions, standing: { draft, heard } }: Props) {
  const { asked, close } = actions
  if (!asked) return null
  const common = { open: asked.open, cancel: words.cancel, onClose: close }
  const { version } = asked
  if (asked.kind === 'discard' && heard) {
    const { title, text, submit, done } = words.discard
    const act = () => actions.restore(heard, draft.revision, done)
    return <ConfirmDialog {...common} {...{ title, submit, act }} text={text(heard.number)} />
  }
  if (asked.kind === 'restore' && version) {
    const { title, titleKept, text, submit, done, doneKept } = words.restore
    const { number } = version
    const act = () => actions.restore(version, draft.revision, number === null ? doneKept : done(number))
    return <ConfirmDialog {...common} {...{ text, submit, act }} title={number === null ? titleKept : title(number)} />
  }
  if (asked.kind === 'rollBack' && version && heard) return <RollBack {...{ actions, version, heard, common }} />
  return null
}

type RollBackProps = {
  actions: VersionActions
  version: VersionRef
  heard: NonNullable<Standing['heard']>
  common: { open: boolean; cancel: string; onClose(): void }
}

function RollBack({ actions, version, heard, common }: RollBackProps) {
  const { title, text, live, submit, refused } = words.rollBack
  const number = version.number ?? 0
  const underWay = heard.liveCalls > 0 ? ` ${live(heard.liveCalls, heard.number)}` : ''
  return (
    <ConfirmDialog
      {...common}
      title={title(number)}
      text={text(number, heard.number + 1) + underWay}
      submit={submit}
      act={() => actions.rollBack(version)}
      wordsOf={(error) => (refusal(error, 'problems') ? refused : errorWords(error))}
    />
  )
}
