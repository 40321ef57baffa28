import { Button, Field } from '@fluentui/react-components'
import { type ChangeEvent, useState } from 'react'
import type { Bundle } from '#flow/bundle.ts'
import { flowsMessages } from '../messages/flows.ts'
import { DialogFrame, DialogSheet } from '../shell/DialogFrame.tsx'
import { faultProps } from '../shell/faultProps.ts'
import { errorWords } from '../shell/words.ts'

const words = flowsMessages.importing

/** What has come of a file, and the flow that it is now; null when that is to be seen behind the dialog. */
type Taken = { id: string; said: readonly string[] } | null

type Props = {
  title: string
  hint: string
  submit: string
  /** Rejects when nothing came of it; the dialog then says why, and stays. */
  take(bundle: Bundle): Promise<Taken>
  onClose(): void
}

/** Asks for a flow's file, says what is in it or why it is no flow, and hands it on. */
export const ImportDialog = ({ open, ...asked }: Props & { open: boolean }) => (
  <DialogFrame open={open} onClose={asked.onClose}>
    <ImportForm {...asked} />
  </DialogFrame>
)

function ImportForm({ title, hint, submit, take, onClose }: Props) {
  const [bundle, setBundle] = useState<Bundle | null>(null)
  const [refused, setRefused] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [taken, setTaken] = useState<Taken>(null)

  async function choose({ target }: ChangeEvent<HTMLInputElement>) {
    const [file] = target.files ?? []
    if (!file) return
    try {
      // What reads flows is a third of all that the list of flows would load, which reads none.
      const read = await (await import('./flowFile.ts')).readFlowFile(file)
      setBundle('bundle' in read ? read.bundle : null)
      setRefused('refused' in read ? read.refused : null)
    } catch (error) {
      setRefused(errorWords(error))
    }
  }
  async function go() {
    if (!bundle || busy) return
    setBusy(true)
    try {
      const now = await take(bundle)
      setTaken(now)
      if (now === null) onClose()
    } catch (error) {
      setRefused(errorWords(error))
    }
    setBusy(false)
  }

  return (
    <DialogSheet
      title={title}
      actions={
        <>
          <Button onClick={onClose}>{taken ? words.close : words.cancel}</Button>
          {taken ? (
            <Button as="a" appearance="primary" href={`/flows/${taken.id}`}>
              {words.open}
            </Button>
          ) : (
            <Button appearance="primary" disabledFocusable={!bundle || busy} onClick={() => void go()}>
              {submit}
            </Button>
          )}
        </>
      }
    >
      {taken ? (
        <div role="status">
          {taken.said.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </div>
      ) : (
        <Field label={words.choose} hint={hint} {...faultProps(refused)}>
          {(field) => (
            <input {...field} className="file-field" type="file" accept=".json,application/json" onChange={choose} />
          )}
        </Field>
      )}
      {bundle && !taken && <Found bundle={bundle} />}
    </DialogSheet>
  )
}

/** What is in the file, and what it needs that is in no file. */
function Found({ bundle: { flow, flows, calendars, tables, needs } }: { bundle: Bundle }) {
  const entered = Object.values(flows).map(({ name }) => words.shared.flow(name))
  const hours = Object.values(calendars).map(({ name }) => words.shared.calendar(name))
  const lists = Object.values(tables).map(({ table, rows }) => words.shared.tableWith(table.name, rows?.length ?? null))
  const found = [...entered, ...hours, ...lists]
  const names = [...needs.secrets, ...needs.values]
  return (
    <div className="file-found" role="status">
      <p className="strong">{words.found(flow.name, Object.keys(flow.blocks).length)}</p>
      {found.length > 0 && <p>{words.foundWith(found)}</p>}
      {names.length > 0 && <p>{words.foundNames(names)}</p>}
    </div>
  )
}
