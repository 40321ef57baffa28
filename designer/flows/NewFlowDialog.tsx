import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
} from '@fluentui/react-components'
import { type FormEvent, useState } from 'react'
import { flowLimits } from '#flow/flow.ts'
import { flowsMessages } from '../messages/flows.ts'
import { api } from '../shell/api.ts'
import { useLoaded } from '../shell/useLoaded.ts'
import { useRested } from '../shell/useRested.ts'
import { errorWords } from '../shell/words.ts'

const words = flowsMessages.create

/** Asks for a name, makes an empty flow and opens it. */
export function NewFlowDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onOpenChange={(_, data) => !data.open && onClose()}>
      <DialogSurface>
        <NewFlowForm onClose={onClose} />
      </DialogSurface>
    </Dialog>
  )
}

function NewFlowForm({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState<string>(words.first)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const free = useFreeName(name.trim())

  async function create(event: FormEvent) {
    event.preventDefault()
    if (name.trim() === '' || busy) return
    setBusy(true)
    try {
      const { id } = await api.createFlow(name.trim(), 'empty')
      window.location.assign(`/flows/${id}`)
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }

  const fault = failure === null ? {} : { validationMessage: errorWords(failure), validationState: 'error' as const }
  const taken = free !== null && free !== name.trim()
  return (
    <form onSubmit={create}>
      <DialogBody>
        <DialogTitle>{words.title}</DialogTitle>
        <DialogContent>
          <Field label={words.name} hint={taken ? words.taken(free) : words.hint} required {...fault}>
            <Input
              value={name}
              maxLength={flowLimits.name}
              onChange={(_, data) => setName(data.value)}
              onFocus={({ target }) => target.select()}
            />
          </Field>
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" appearance="primary" disabledFocusable={busy || name.trim() === ''}>
            {words.submit}
          </Button>
        </DialogActions>
      </DialogBody>
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
