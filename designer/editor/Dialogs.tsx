import { lazy, Suspense, useEffect } from 'react'
import { flushSync } from 'react-dom'
import { fetchLater } from '../shell/fetchLater.ts'
import type { Work } from './useWork.ts'

// Fetched when somebody asks for them, or when nothing else is to do.
const publishDialog = () => import('../header/PublishDialog.tsx')
const deleteDialog = () => import('../shell/DeleteDialog.tsx')
const replaceDialog = () => import('./ReplaceDialog.tsx')
const exportDialog = () => import('../flows/ExportDialog.tsx')
const PublishDialog = lazy(async () => ({ default: (await publishDialog()).PublishDialog }))
const DeleteDialog = lazy(async () => ({ default: (await deleteDialog()).DeleteDialog }))
const ReplaceDialog = lazy(async () => ({ default: (await replaceDialog()).ReplaceDialog }))
const ExportDialog = lazy(async () => ({ default: (await exportDialog()).ExportDialog }))

/** The dialogs of the flow as a whole, of which one may be open. */
export function Dialogs({ work: { opened, dialog, drawing, actions, canvas, show, closeDialog } }: { work: Work }) {
  useEffect(() => fetchLater(publishDialog, deleteDialog, replaceDialog, exportDialog), [])
  if (!dialog) return null
  const frame = { open: dialog.open, onClose: closeDialog }
  const { hearing, others, publish, remove, replace } = actions
  return (
    <Suspense>
      {dialog.kind === 'publish' && (
        <PublishDialog {...{ ...frame, drawing, hearing, others, publish }} onShow={show} />
      )}
      {dialog.kind === 'remove' && <DeleteDialog {...frame} name={drawing.flow.name} remove={remove} />}
      {dialog.kind === 'export' && <ExportDialog {...frame} flowId={opened.id} name={drawing.flow.name} />}
      {dialog.kind === 'replace' && (
        <ReplaceDialog
          {...frame}
          flowId={opened.id}
          replace={(file, said) => {
            flushSync(() => replace(file, said))
            canvas.current?.fit()
          }}
        />
      )}
    </Suspense>
  )
}
