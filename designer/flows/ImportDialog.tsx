import { Button, Field } from '@fluentui/react-components'
import { type ChangeEvent, useState } from 'react'
import type { Flow } from '#flow/flow.ts'
import { flowsMessages } from '../messages/flows.ts'
import { api } from '../shell/api.ts'
import { DialogFrame, DialogSheet } from '../shell/DialogFrame.tsx'
import { errorWords } from '../shell/words.ts'
import type { Imported } from '../wire.ts'
import { readFlowFile } from './flowFile.ts'

const words = flowsMessages.importing

type Props = { open: boolean; onClose(): void; onImported(): void }

/** Asks for a file, says what is in it or why it is no flow, and makes a new flow of it. */
export const ImportDialog = ({ open, onClose, onImported }: Props) => (
  <DialogFrame open={open} onClose={onClose}>
    <ImportForm onClose={onClose} onImported={onImported} />
  </DialogFrame>
)

function ImportForm({ onClose, onImported }: Omit<Props, 'open'>) {
  const [flow, setFlow] = useState<Flow | null>(null)
  const [refused, setRefused] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [imported, setImported] = useState<Imported | null>(null)

  async function choose({ target }: ChangeEvent<HTMLInputElement>) {
    const [file] = target.files ?? []
    if (!file) return
    const read = await readFlowFile(file)
    setFlow('flow' in read ? read.flow : null)
    setRefused('refused' in read ? read.refused : null)
  }
  async function submit() {
    if (!flow || busy) return
    setBusy(true)
    try {
      setImported(await api.importFlow(flow))
      onImported()
    } catch (error) {
      setRefused(errorWords(error))
    }
    setBusy(false)
  }

  const fault = refused === null ? {} : { validationMessage: refused, validationState: 'error' as const }
  return (
    <DialogSheet
      title={words.title}
      actions={
        <>
          <Button onClick={onClose}>{imported ? words.close : words.cancel}</Button>
          {imported ? (
            <Button as="a" appearance="primary" href={`/flows/${imported.id}`}>
              {words.open}
            </Button>
          ) : (
            <Button appearance="primary" disabledFocusable={!flow || busy} onClick={() => void submit()}>
              {words.submit}
            </Button>
          )}
        </>
      }
    >
      {imported && flow ? (
        <div role="status">
          {importedWords(imported, flow.name).map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </div>
      ) : (
        <Field label={words.choose} hint={words.hint} {...fault}>
          {(field) => (
            <input {...field} type="file" accept=".json,application/json" onChange={(event) => void choose(event)} />
          )}
        </Field>
      )}
      {flow && !imported && <p role="status">{words.found(flow.name, Object.keys(flow.blocks).length)}</p>}
    </DialogSheet>
  )
}

/** What has come of the file: what is otherwise than it says is said too. */
const importedWords = ({ name, blocks, unknown }: Imported, was: string): string[] => [
  words.done(name, blocks),
  ...(name === was ? [] : [words.renamed(name, was)]),
  ...(unknown.length === 0 ? [] : [words.unknown(unknown)]),
]
