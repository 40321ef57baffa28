import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components'
import { useState } from 'react'
import { errorWords } from './words.ts'

type Props = {
  open: boolean
  title: string
  text: string
  submit: string
  cancel: string
  act(): Promise<void>
  onClose(): void
  /** In place of the usual words, for a refusal that means something else here. */
  wordsOf?(error: unknown): string
}

/** Asks once before something is done. What `act` rejects with is said here, and the dialog stays. */
export function ConfirmDialog({ open, title, text, submit, cancel, act, onClose, wordsOf = errorWords }: Props) {
  const [failure, setFailure] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)

  function close() {
    setFailure(null)
    onClose()
  }
  async function go() {
    setFailure(null)
    setBusy(true)
    await act().catch(setFailure)
    setBusy(false)
  }

  return (
    <Dialog modalType="alert" open={open} onOpenChange={(_, data) => !data.open && close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>
            {text}
            {failure !== null && (
              <p className="bad" role="alert">
                {wordsOf(failure)}
              </p>
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={close}>{cancel}</Button>
            <Button appearance="primary" disabledFocusable={busy} onClick={() => void go()}>
              {submit}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}
