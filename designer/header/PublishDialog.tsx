import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Textarea,
} from '@fluentui/react-components'
import { useState } from 'react'
import type { Problem } from '#flow/check.ts'
import type { Drawing } from '../drawing.ts'
import { designerMessages } from '../messages/designer.ts'
import { countBySeverity, type Finding } from '../problems/finding.ts'
import { ProblemList } from '../problems/Problems.tsx'
import { refusal } from '../shell/error.ts'
import { errorWords } from '../shell/words.ts'

const { publish: words } = designerMessages

type Props = {
  open: boolean
  drawing: Drawing
  /** What is wrong with the flow at this very moment. */
  findProblems(): readonly Problem[]
  /** What somebody else changed goes out as well: who and when, in words. */
  others: string | null
  publish(note: string): Promise<void>
  onShow(problem: Finding): void
  onClose(): void
}

/**
 * The gate to callers: what stands in the way, or a note and the button. It is closed by `open` and not taken away, else
 * Fluent would leave the page behind it hidden from screen readers.
 */
export function PublishDialog({ open, onClose, ...props }: Props) {
  const [busy, setBusy] = useState(false)
  return (
    <Dialog open={open} onOpenChange={(_, data) => !data.open && !busy && onClose()}>
      <DialogSurface>
        <Gate {...props} busy={busy} setBusy={setBusy} onClose={onClose} />
      </DialogSurface>
    </Dialog>
  )
}

type GateProps = Omit<Props, 'open'> & { busy: boolean; setBusy(busy: boolean): void }

/** What stands in the dialog; made anew each time it opens. */
function Gate({ drawing, findProblems, others, publish, onShow, onClose, busy, setBusy }: GateProps) {
  const [note, setNote] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  const [found, setFound] = useState(findProblems)
  const blocking = found.filter(({ severity }) => severity === 'error')
  const { errors } = countBySeverity(found)

  async function submit() {
    setBusy(true)
    setFault(null)
    try {
      await publish(note.trim())
    } catch (error) {
      const stopped = refusal(error, 'problems')
      if (stopped) setFound(stopped.problems)
      else setFault(errorWords(error))
    }
    setBusy(false)
  }

  return (
    <DialogBody>
      <DialogTitle>{words.title(drawing.flow.name)}</DialogTitle>
      <DialogContent>
        {errors > 0 ? (
          <>
            <p>{words.blocked(errors)}</p>
            <ProblemList drawing={drawing} problems={blocking} onShow={onShow} />
          </>
        ) : (
          <div className="publish-note column">
            <p>{words.effect}</p>
            {others !== null && <p className="strong">{others}</p>}
            <Field label={words.note} hint={words.noteHint}>
              <Textarea value={note} maxLength={500} rows={2} onChange={(_, { value }) => setNote(value)} />
            </Field>
          </div>
        )}
        {fault !== null && (
          <p className="bad" role="alert">
            {fault}
          </p>
        )}
      </DialogContent>
      <DialogActions>
        <Button disabled={busy} onClick={onClose}>
          {errors > 0 ? words.close : words.cancel}
        </Button>
        {errors === 0 && (
          <Button appearance="primary" disabledFocusable={busy} onClick={() => void submit()}>
            {busy ? words.publishing : words.publish}
          </Button>
        )}
      </DialogActions>
    </DialogBody>
  )
}
