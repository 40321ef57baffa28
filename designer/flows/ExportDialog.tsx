import { Button, Checkbox, Field } from '@fluentui/react-components'
import { useState } from 'react'
import { flowsMessages } from '../messages/flows.ts'
import { api } from '../shell/api.ts'
import { DialogFrame, DialogSheet } from '../shell/DialogFrame.tsx'
import { faultProps } from '../shell/faultProps.ts'
import { saveAs } from '../shell/saveAs.ts'
import { errorWords } from '../shell/words.ts'

const words = flowsMessages.exporting

type Props = { flowId: string; name: string; onClose(): void }

/** Asks whether the rows of a flow's tables go into its file. */
export const ExportDialog = ({ open, ...asked }: Props & { open: boolean }) => (
  <DialogFrame open={open} onClose={asked.onClose}>
    <ExportForm {...asked} />
  </DialogFrame>
)

function ExportForm({ flowId, name, onClose }: Props) {
  const [rows, setRows] = useState(false)
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<string | null>(null)

  /** Asked for before it is a download: a browser says of one that is refused only that it has failed. */
  async function take() {
    if (busy) return
    setBusy(true)
    try {
      saveAs(await api.flowFile(flowId, rows), `${name}.json`)
      onClose()
    } catch (error) {
      setRefused(errorWords(error))
    }
    setBusy(false)
  }

  return (
    <DialogSheet
      title={words.title}
      actions={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button appearance="primary" disabledFocusable={busy} onClick={() => void take()}>
            {words.submit}
          </Button>
        </>
      }
    >
      <p>{words.text}</p>
      <Field hint={words.rowsHint} {...faultProps(refused)}>
        <Checkbox
          label={words.rows}
          checked={rows}
          onChange={(_, data) => {
            setRefused(null)
            setRows(data.checked === true)
          }}
        />
      </Field>
    </DialogSheet>
  )
}
