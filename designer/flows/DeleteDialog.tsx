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
import { flowsMessages } from '../messages/flows.en.ts'
import { api, type FlowListItem } from '../shell/api.ts'
import { errorWords } from '../shell/words.ts'

const words = flowsMessages.removing

/** Asks once, by name, and deletes. Open while there is a flow. */
export function DeleteDialog(props: {
  flow: FlowListItem | null
  onClose: () => void
  onDeleted: (flow: FlowListItem) => void
}) {
  const { flow, onClose, onDeleted } = props
  const [failure, setFailure] = useState<unknown>(null)

  function close() {
    setFailure(null)
    onClose()
  }
  async function remove() {
    if (!flow) return
    try {
      await api.removeFlow(flow.id)
      setFailure(null)
      onDeleted(flow)
    } catch (problem) {
      setFailure(problem)
    }
  }

  return (
    <Dialog modalType="alert" open={flow !== null} onOpenChange={(_, data) => !data.open && close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{words.title(flow?.name ?? '')}</DialogTitle>
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
            <Button appearance="primary" onClick={remove}>
              {words.submit}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}
