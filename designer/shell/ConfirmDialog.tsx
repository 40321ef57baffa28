import { Button } from '@fluentui/react-components'
import { useState } from 'react'
import { DialogFrame, DialogSheet } from './DialogFrame.tsx'
import { errorWords } from './words.ts'

type Question = {
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
export const ConfirmDialog = ({ open, ...question }: Question & { open: boolean }) => (
  <DialogFrame modalType="alert" open={open} onClose={question.onClose}>
    <Confirm {...question} />
  </DialogFrame>
)

function Confirm({ title, text, submit, cancel, act, onClose, wordsOf = errorWords }: Question) {
  const [failure, setFailure] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)

  async function go() {
    setFailure(null)
    setBusy(true)
    await act().catch(setFailure)
    setBusy(false)
  }

  return (
    <DialogSheet
      title={title}
      fault={failure === null ? null : wordsOf(failure)}
      actions={
        <>
          <Button onClick={onClose}>{cancel}</Button>
          <Button appearance="primary" disabledFocusable={busy} onClick={() => void go()}>
            {submit}
          </Button>
        </>
      }
    >
      {text}
    </DialogSheet>
  )
}
