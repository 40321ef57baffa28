import { Button } from '@fluentui/react-components'
import { useSyncExternalStore } from 'react'
import { wasSavedHere } from '../draft/unsaved.ts'
import type { DraftHandle } from '../draft/useDraft.ts'
import { Icon } from '../icons.tsx'
import { designerMessages } from '../messages/designer.ts'
import { browserStorage } from '../shell/storage.ts'
import { momentOf } from '../shell/words.ts'

const { conflict, unsaved: unsavedWords } = designerMessages

type Props = { flowId: string; draft: DraftHandle; onTheirs(): void; onCopy(): void }

/**
 * Under the header and never over the work: that somebody else saved meanwhile, with who, when and what to do; and work that never reached
 * the server, which is offered back.
 */
export function SaveNotices({
  draft: { saveState, saving, unsaved, restoreUnsaved, discardUnsaved },
  ...props
}: Props) {
  const { theirs } = saveState.type === 'conflict' ? saveState : { theirs: null }
  // The other tab may hear of its own save only after we did.
  const own = useSyncExternalStore(
    onStored,
    () => theirs !== null && wasSavedHere(browserStorage, props.flowId, theirs.revision),
  )
  function takeTheirs() {
    saving.discard()
    props.onTheirs()
  }
  return (
    <>
      {theirs && (
        <div className="designer-notice row" role="alert">
          <span className="caution">
            <Icon name="warn" />
          </span>
          <p>
            <span className="strong">
              {own
                ? conflict.whatYou(momentOf(theirs.updatedAt))
                : conflict.what(theirs.updatedBy, momentOf(theirs.updatedAt))}
            </span>{' '}
            {conflict.why}
          </p>
          <Button onClick={takeTheirs}>{own ? conflict.other : conflict.theirs}</Button>
          <Button onClick={() => void saving.overwrite().catch(() => {})}>{conflict.mine}</Button>
          <Button onClick={props.onCopy}>{conflict.copy}</Button>
        </div>
      )}
      {unsaved && (
        <div className="designer-notice row" role="status">
          <Icon name="history" />
          <p className="strong">{unsavedWords.what(momentOf(unsaved.at))}</p>
          <Button onClick={restoreUnsaved}>{unsavedWords.restore}</Button>
          <Button onClick={discardUnsaved}>{unsavedWords.discard}</Button>
        </div>
      )}
    </>
  )
}

/** Hears when another page of this browser stores something. */
function onStored(hear: () => void) {
  window.addEventListener('storage', hear)
  return () => window.removeEventListener('storage', hear)
}
