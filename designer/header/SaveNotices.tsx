import { Button } from '@fluentui/react-components'
import type { SaveState } from '../draft/saver.ts'
import type { Unsaved } from '../draft/unsaved.ts'
import { Icon } from '../icons.tsx'
import { designerMessages } from '../messages/designer.ts'
import { momentOf } from '../shell/words.ts'

const { conflict, unsaved: unsavedWords } = designerMessages

type ConflictProps = {
  state: SaveState
  onTheirs(): void
  onMine(): void
  onCopy(): void
}

/** Somebody else saved meanwhile: who, when, and what to do, under the header and never over the work. */
export function ConflictNotice({ state, onTheirs, onMine, onCopy }: ConflictProps) {
  if (state.type !== 'conflict') return null
  const { updatedBy, updatedAt } = state.theirs
  return (
    <div className="designer-notice row" role="alert">
      <span className="caution">
        <Icon name="warn" />
      </span>
      <p>
        <span className="strong">{conflict.what(updatedBy, momentOf(updatedAt))}</span> {conflict.why}
      </p>
      <Button onClick={onTheirs}>{conflict.theirs}</Button>
      <Button onClick={onMine}>{conflict.mine}</Button>
      <Button onClick={onCopy}>{conflict.copy}</Button>
    </div>
  )
}

type UnsavedProps = { unsaved: Unsaved | null; onRestore(): void; onDiscard(): void }

/** Work that never reached the server is offered back. */
export function UnsavedNotice({ unsaved, onRestore, onDiscard }: UnsavedProps) {
  if (!unsaved) return null
  return (
    <div className="designer-notice row" role="status">
      <Icon name="history" />
      <p className="strong">{unsavedWords.what(momentOf(unsaved.at))}</p>
      <Button onClick={onRestore}>{unsavedWords.restore}</Button>
      <Button onClick={onDiscard}>{unsavedWords.discard}</Button>
    </div>
  )
}
