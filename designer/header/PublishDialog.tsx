import { Button, Field, ProgressBar, Textarea } from '@fluentui/react-components'
import { useEffect, useState } from 'react'
import { hoursOf, ruleWords } from '../answers/ruleWords.ts'
import type { Drawing } from '../drawing.ts'
import { takesMessages } from '../mailbox/takesMessages.ts'
import { useMessagesLost } from '../mailbox/useMessagesLost.ts'
import { designerMessages } from '../messages/designer.ts'
import type { Finding } from '../problems/finding.ts'
import { ProblemList } from '../problems/Problems.tsx'
import { DialogFrame, DialogSheet } from '../shell/DialogFrame.tsx'
import { refusal } from '../shell/error.ts'
import { errorWords } from '../shell/words.ts'
import type { Publishing } from '../wire.ts'
import { type Hearing, progressWords } from './savedWords.ts'
import { isUnderWay } from './usePublishing.ts'

const { publish: words } = designerMessages

/** Whoever wants to see all that a flow answers reads the page of them. */
const mostAnswers = 5

type Props = {
  open: boolean
  drawing: Drawing
  hearing: Hearing
  /** What somebody else changed goes out as well: who and when, in words. */
  others: string | null
  /** Begins to publish; how far it is stands in `hearing`. */
  publish(note: string): Promise<void>
  onShow(problem: Finding): void
  onClose(): void
}

/** The gate to callers: what stands in the way, or a note and the button; then how far publishing is, which may be left alone. */
export function PublishDialog({ open, onClose, ...props }: Props) {
  const [busy, setBusy] = useState(false)
  const { publishing } = props.hearing
  const [shown, setShown] = useState<string | null>(null)
  // What was on its way while this was open, and has arrived: there is nothing left to look at.
  const arrived = publishing?.state === 'done' && publishing.id === shown
  useEffect(() => {
    setShown(open && isUnderWay(publishing) ? publishing.id : null)
    if (open && arrived) onClose()
  }, [open, publishing, arrived, onClose])
  return (
    <DialogFrame open={open} onClose={() => !busy && onClose()}>
      {isUnderWay(publishing) ? (
        <UnderWay name={props.drawing.flow.name} publishing={publishing} onClose={onClose} />
      ) : (
        <Gate {...props} busy={busy} setBusy={setBusy} onClose={onClose} />
      )}
    </DialogFrame>
  )
}

type GateProps = Omit<Props, 'open'> & { busy: boolean; setBusy(busy: boolean): void }

/** What stands in the dialog before; made anew each time it opens. */
function Gate({ drawing, hearing, others, publish, onShow, onClose, busy, setBusy }: GateProps) {
  const { publishing } = hearing
  const [note, setNote] = useState(publishing?.state === 'failed' ? publishing.note : '')
  const [fault, setFault] = useState<string | null>(null)
  const [found, setFound] = useState(() => drawing.rules?.check(drawing.flow, hearing.answers) ?? [])
  const blocking = found.filter(({ severity }) => severity === 'error')
  const errors = blocking.length

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
    <DialogSheet
      title={words.title(drawing.flow.name)}
      fault={fault}
      actions={
        <>
          <Button disabled={busy} onClick={onClose}>
            {errors > 0 ? words.close : words.cancel}
          </Button>
          {errors === 0 && (
            <Button appearance="primary" disabledFocusable={busy} onClick={() => void submit()}>
              {busy ? words.publishing : publishing?.state === 'failed' ? words.again : words.publish}
            </Button>
          )}
        </>
      }
    >
      {errors > 0 ? (
        <>
          <p>{words.blocked(errors)}</p>
          <ProblemList drawing={drawing} problems={blocking} onShow={onShow} />
        </>
      ) : (
        <div className="publish-note column">
          {publishing?.state === 'failed' && <Failure publishing={publishing} />}
          {drawing.flow.blocks[drawing.flow.start]?.type === 'subFlowStart' ? (
            <p>{words.effectSubFlow}</p>
          ) : (
            <Effect {...hearing} rules={drawing.rules} />
          )}
          {takesMessages(drawing.flow) && <Lost />}
          {others !== null && <p className="strong">{others}</p>}
          <Field label={words.note} hint={words.noteHint}>
            <Textarea value={note} maxLength={500} rows={2} onChange={(_, { value }) => setNote(value)} />
          </Field>
        </div>
      )}
    </DialogSheet>
  )
}

/** Who will hear it: that, before all else. */
function Effect({ answers, defaultIsFree, version, rules }: Hearing & Pick<Drawing, 'rules'>) {
  if (answers.length === 0 && (version !== null || !defaultIsFree)) return <p>{words.effectNobody}</p>
  const hours = hoursOf(rules)
  return (
    <>
      {answers.length === 0 ? (
        <p>{words.effectDefault}</p>
      ) : (
        <>
          <p className="strong">{words.effectAnswers}</p>
          <ul className="publish-answers">
            {answers.slice(0, mostAnswers).map((rule) => (
              <li key={ruleWords(rule, hours)}>{ruleWords(rule, hours)}</li>
            ))}
            {answers.length > mostAnswers && (
              <li>
                <a href="/answers">{words.effectMore(answers.length - mostAnswers)}</a>
              </li>
            )}
          </ul>
        </>
      )}
      <p>{words.effect}</p>
    </>
  )
}

/** Callers would be thanked for messages that nobody gets: whoever lets them is told. */
function Lost() {
  if (!useMessagesLost()) return null
  return (
    <p>
      {words.lost} <a href="/messages">{words.lostWhere}</a>
    </p>
  )
}

/** What did not work the last time, block by block. */
function Failure({ publishing: { failure } }: { publishing: Publishing }) {
  if (!failure) return null
  return (
    <div role="alert">
      <p className="bad strong">{words.failed}</p>
      {failure.blocks.length === 0 ? (
        <p>{failure.message}</p>
      ) : (
        <>
          <p>{words.failedBlocks}</p>
          <ul className="publish-failed">
            {failure.blocks.map(({ id, name, message }) => (
              <li key={id}>
                <span className="strong">{id === null ? words.apology : name}</span>: {message}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

type UnderWayProps = { name: string; publishing: Publishing; onClose(): void }

function UnderWay({ name, publishing, onClose }: UnderWayProps) {
  const { done, total, by } = publishing
  const progress = progressWords(publishing)
  return (
    <DialogSheet
      title={words.title(name)}
      actions={
        <Button appearance="primary" onClick={onClose}>
          {words.close}
        </Button>
      }
    >
      <div className="publish-note column">
        <p>{words.under}</p>
        <div>
          <ProgressBar
            aria-label={words.publishing}
            {...(total > 0 && { value: done, max: total, 'aria-valuetext': progress ?? '' })}
          />
          <p className="small quiet figures">{progress ?? words.publishing}</p>
        </div>
        <p>{words.leave}</p>
        <p className="small quiet">{words.byOther(by)}</p>
      </div>
    </DialogSheet>
  )
}
