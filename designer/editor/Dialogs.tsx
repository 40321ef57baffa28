import { lazy, Suspense, useEffect, useState } from 'react'
import { check } from '#flow/check.ts'
import type { Flow } from '#flow/flow.ts'
import type { Drawing } from '../drawing.ts'
import type { Hearing } from '../header/savedWords.ts'
import type { Finding } from '../problems/finding.ts'
import { fetchLater } from '../shell/fetchLater.ts'

// Fetched when somebody asks for them, or when nothing else is to do.
const publishDialog = () => import('../header/PublishDialog.tsx')
const deleteDialog = () => import('../shell/DeleteDialog.tsx')
const replaceDialog = () => import('./ReplaceDialog.tsx')
const PublishDialog = lazy(async () => ({ default: (await publishDialog()).PublishDialog }))
const DeleteDialog = lazy(async () => ({ default: (await deleteDialog()).DeleteDialog }))
const ReplaceDialog = lazy(async () => ({ default: (await replaceDialog()).ReplaceDialog }))

type Opened = { kind: 'publish' | 'remove' | 'replace'; open: boolean }

/** The dialog that is open. One that was closed stays for a while: Fluent needs it to give the page back. */
export function useDialog() {
  const [dialog, setDialog] = useState<Opened | null>(null)
  return {
    dialog,
    openDialog: (kind: Opened['kind']) => setDialog({ kind, open: true }),
    closeDialog: () => setDialog((last) => last && { ...last, open: false }),
  }
}

type Props = {
  dialog: Opened | null
  drawing: Drawing
  others: string | null
  hearing: Hearing
  publish(note: string): Promise<void>
  remove(): Promise<void>
  replace(flow: Flow, said: string): void
  onShow(problem: Finding): void
  onClose(): void
}

export function Dialogs({ dialog, drawing, hearing, others, publish, remove, replace, onShow, onClose }: Props) {
  useEffect(() => fetchLater(publishDialog, deleteDialog, replaceDialog), [])
  return (
    <Suspense>
      {dialog?.kind === 'publish' && (
        <PublishDialog
          open={dialog.open}
          drawing={drawing}
          hearing={hearing}
          findProblems={() => check(drawing.flow)}
          others={others}
          publish={publish}
          onShow={onShow}
          onClose={onClose}
        />
      )}
      {dialog?.kind === 'remove' && (
        <DeleteDialog open={dialog.open} name={drawing.flow.name} remove={remove} onClose={onClose} />
      )}
      {dialog?.kind === 'replace' && <ReplaceDialog open={dialog.open} replace={replace} onClose={onClose} />}
    </Suspense>
  )
}
