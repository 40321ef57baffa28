import { Button, Field, Input } from '@fluentui/react-components'
import { type FormEvent, useState } from 'react'
import { flowLimits } from '#flow/flowLimits.ts'
import { flowsMessages } from '../messages/flows.ts'
import { api } from '../shell/api.ts'
import { DialogFrame, DialogSheet } from '../shell/DialogFrame.tsx'
import { faultProps } from '../shell/faultProps.ts'
import { useLoaded } from '../shell/useLoaded.ts'
import { useRested } from '../shell/useRested.ts'
import { errorWords } from '../shell/words.ts'

const words = flowsMessages.create

/** Asks for a name, makes an empty flow and opens it. */
export const NewFlowDialog = ({ open, onClose }: { open: boolean; onClose: () => void }) => (
  <DialogFrame open={open} onClose={onClose}>
    <NewFlowForm onClose={onClose} />
  </DialogFrame>
)

function NewFlowForm({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState<string>(words.first)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const free = useFreeName(name.trim())

  async function create(event: FormEvent) {
    event.preventDefault()
    if (name.trim() === '' || busy) return
    setBusy(true)
    try {
      const { id } = await api.createFlow(name.trim(), 'empty')
      window.location.assign(`/flows/${id}`)
    } catch (error) {
      setFailure(errorWords(error))
      setBusy(false)
    }
  }

  const taken = free !== null && free !== name.trim()
  return (
    <form onSubmit={create}>
      <DialogSheet
        title={words.title}
        actions={
          <>
            <Button onClick={onClose}>{words.cancel}</Button>
            <Button type="submit" appearance="primary" disabledFocusable={busy || name.trim() === ''}>
              {words.submit}
            </Button>
          </>
        }
      >
        <Field label={words.name} hint={taken ? words.taken(free) : words.hint} required {...faultProps(failure)}>
          <Input
            value={name}
            maxLength={flowLimits.name}
            onChange={(_, data) => setName(data.value)}
            onFocus={({ target }) => target.select()}
          />
        </Field>
      </DialogSheet>
    </form>
  )
}

/** The name that it would get, once the hand rests; null while that is not known. */
function useFreeName(name: string): string | null {
  const rested = useRested(name, 300)
  const { value } = useLoaded(`name ${rested}`, async (signal) =>
    rested === '' ? null : api.freeName(rested, null, signal),
  )
  return rested === name ? value : null
}
