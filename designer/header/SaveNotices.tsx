import { Button } from '@fluentui/react-components'
import type { DraftHandle } from '../draft/useDraft.ts'
import { Icon } from '../icons.tsx'
import { designerMessages } from '../messages/designer.ts'
import { momentOf } from '../shell/words.ts'

const { conflict, unsaved: unsavedWords } = designerMessages

type Props = { draft: DraftHandle; onTheirs(): void; onCopy(): void }

/**
 * Under the header and never over the work: that somebody else saved meanwhile, with who, when and what to do; and work that never reached
 * the server, which is offered back.
 */
export function SaveNotices({
  draft: { saveState, saving, unsaved, restoreUnsaved, discardUnsaved },
  ...props
}: Props) {
  function takeTheirs() {
    saving.discard()
    props.onTheirs()
  }
  return (
    <>
      {saveState.type === 'conflict' && (
        <div className="designer-notice row" role="alert">
          <span className="caution">
            <Icon name="warn" />
          </span>
          <p>
            <span className="strong">
              {conflict.what(saveState.theirs.updatedBy, momentOf(saveState.theirs.updatedAt))}
            </span>{' '}
            {conflict.why}
          </p>
          <Button onClick={takeTheirs}>{conflict.theirs}</Button>
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
