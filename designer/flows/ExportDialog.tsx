import { Button, Checkbox, Field } from '@fluentui/react-components'
import { useState } from 'react'
import { flowsMessages } from '../messages/flows.ts'
import { addresses } from '../shell/api.ts'
import { DialogFrame, DialogSheet } from '../shell/DialogFrame.tsx'

const words = flowsMessages.exporting

type Props = { flowId: string; onClose(): void }

/** Asks whether the rows of a flow's tables go into its file. */
export const ExportDialog = ({ open, ...asked }: Props & { open: boolean }) => (
  <DialogFrame open={open} onClose={asked.onClose}>
    <ExportForm {...asked} />
  </DialogFrame>
)

function ExportForm({ flowId, onClose }: Props) {
  const [rows, setRows] = useState(false)
  return (
    <DialogSheet
      title={words.title}
      actions={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button as="a" appearance="primary" href={addresses.file(flowId, { rows })} download onClick={onClose}>
            {words.submit}
          </Button>
        </>
      }
    >
      <p>{words.text}</p>
      <Field hint={words.rowsHint}>
        <Checkbox label={words.rows} checked={rows} onChange={(_, data) => setRows(data.checked === true)} />
      </Field>
    </DialogSheet>
  )
}
