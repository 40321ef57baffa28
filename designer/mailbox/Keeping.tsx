import { Button, Field, Input, Switch } from '@fluentui/react-components'
import { type FormEvent, useState } from 'react'
import { mailboxMessages } from '../messages/mailbox.ts'
import { errorWords } from '../shell/words.ts'
import type { KeptMessages } from '../wire.ts'

const words = mailboxMessages.keeping
const mostDays = 3_650

type Props = { setting: KeptMessages; onSave(keeps: boolean, days: number): Promise<void> }

/** The switch that says whether messages are kept, and for how many days. */
export function Keeping({ setting: { keeps, days, canKeep }, onSave }: Props) {
  const [written, setWritten] = useState<string | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const [saved, setSaved] = useState(false)
  const wanted = written ?? String(days)
  const number = Number(wanted)
  const fits = Number.isInteger(number) && number >= 1 && number <= mostDays

  async function save(keep: boolean, forDays: number) {
    setFailure(null)
    setSaved(false)
    try {
      await onSave(keep, forDays)
      setSaved(true)
      setWritten(null)
    } catch (error) {
      setFailure(error)
    }
  }

  function submit(event: FormEvent) {
    event.preventDefault()
    if (fits) void save(keeps, number)
  }

  return (
    <form className="card mailbox-keeping" onSubmit={submit}>
      <Switch
        className="mailbox-switch"
        label={words.title}
        checked={keeps}
        disabled={!canKeep && !keeps}
        onChange={(_, { checked }) => void save(checked, days)}
      />
      <p className="quiet mailbox-why">{canKeep ? (keeps ? words.on(days) : words.off) : words.impossible}</p>
      {keeps && (
        <div className="row mailbox-days">
          <Field
            label={words.days}
            {...(!fits && { validationMessage: words.daysRefused, validationState: 'error' as const })}
          >
            <Input
              type="number"
              inputMode="numeric"
              min={1}
              max={mostDays}
              value={wanted}
              onChange={(_, { value }) => setWritten(value)}
            />
          </Field>
          {written !== null && written !== String(days) && (
            <Button type="submit" appearance="primary" disabledFocusable={!fits}>
              {words.save}
            </Button>
          )}
        </div>
      )}
      <p className="small mailbox-news" role="status">
        {failure === null ? saved && words.saved : errorWords(failure)}
      </p>
    </form>
  )
}
