import { Button, Field, Select } from '@fluentui/react-components'
import { useState } from 'react'
import type { Holiday } from '#flow/calendar.ts'
import { hoursMessages } from '../messages/hours.ts'
import { api } from '../shell/api.ts'
import { DialogFrame, DialogSheet } from '../shell/DialogFrame.tsx'
import { useLoaded } from '../shell/useLoaded.ts'
import { errorWords } from '../shell/words.ts'

const words = hoursMessages.holidays

type Props = { open: boolean; year: number; onClose(): void; onAdd(days: Holiday[]): void }

/** Asks for a country and a part of it, and brings the public holidays of this year and the two after it. */
export const PublicHolidays = (props: Props) => (
  <DialogFrame open={props.open} onClose={props.onClose}>
    <Choose {...props} />
  </DialogFrame>
)

function Choose({ year, onClose, onAdd }: Props) {
  const countries = useLoaded('places', (signal) => api.holidayPlaces('', signal))
  const [country, setCountry] = useState(countryOfReader)
  const [part, setPart] = useState('')
  const parts = useLoaded(`places ${country}`, (signal) =>
    country === '' ? Promise.resolve([]) : api.holidayPlaces(country, signal),
  )
  const [failure, setFailure] = useState<unknown>(null)
  const fault = failure ?? countries.error ?? parts.error

  async function add() {
    setFailure(null)
    try {
      onAdd(await api.holidays(part || country, year))
    } catch (error) {
      setFailure(error)
    }
  }

  return (
    <DialogSheet
      title={words.publicTitle}
      fault={fault === null ? null : errorWords(fault)}
      actions={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button appearance="primary" disabledFocusable={country === ''} onClick={() => void add()}>
            {words.addThem}
          </Button>
        </>
      }
    >
      <div className="column hours-fields">
        <Field label={words.country}>
          <Select
            value={country}
            onChange={(_, { value }) => {
              setCountry(value)
              setPart('')
            }}
          >
            <option value="" />
            {(countries.value ?? []).map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
        {(parts.value ?? []).length > 0 && (
          <Field label={words.part}>
            <Select value={part} onChange={(_, { value }) => setPart(value)}>
              <option value="">{words.wholeCountry}</option>
              {(parts.value ?? []).map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </Select>
          </Field>
        )}
      </div>
    </DialogSheet>
  )
}

/** "DE" of `de-DE`; nothing where the browser does not say. */
const countryOfReader = (): string => new Intl.Locale(navigator.language).region ?? ''
