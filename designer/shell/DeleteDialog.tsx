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
import { flowsMessages } from '../messages/flows.ts'
import { errorWords } from './words.ts'

const words = flowsMessages.removing

/** Asks once, by name, before a flow is deleted. What `remove` rejects with is said here, and the dialog stays. */
export function DeleteDialog(props: { open: boolean; name: string; remove(): Promise<void>; onClose(): void }) {
  const { open, name, remove, onClose } = props
  const [failure, setFailure] = useState<unknown>(null)

  function close() {
    setFailure(null)
    onClose()
  }
  function submit() {
    setFailure(null)
    void remove().catch(setFailure)
  }

  return (
    <Dialog modalType="alert" open={open} onOpenChange={(_, data) => !data.open && close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{words.title(name)}</DialogTitle>
          <DialogContent>
            {words.text}
            {failure !== null && (
              <p className="bad" role="alert">
                {errorWords(failure)}
              </p>
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={close}>{words.cancel}</Button>
            <Button appearance="primary" onClick={submit}>
              {words.submit}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}
