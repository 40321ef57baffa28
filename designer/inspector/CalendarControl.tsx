import { Select } from '@fluentui/react-components'
import * as z from 'zod'
import { useNow } from '../shell/useNow.ts'
import { type ControlProps, texts, useEditing } from './context.ts'
import { Setting } from './parts.tsx'

const Chosen = z.object({ id: z.string(), name: z.string() })
const everyMinute = 60_000

/** Hours that several flows may share, each with what they say now. */
export function CalendarControl({ value, onChange, ...setting }: ControlProps) {
  const { rules } = useEditing().drawing
  const now = useNow(true, everyMinute)
  const chosen = Chosen.safeParse(value).data ?? { id: '', name: '' }
  const calendars = Object.entries(rules?.shared.calendars ?? {}).sort(([, a], [, b]) => a.name.localeCompare(b.name))
  const calendar = rules?.shared.calendars[chosen.id]
  return (
    <div className="settings-list" data-field={`${setting.field.name}.id`}>
      <Setting {...setting}>
        <Select
          value={chosen.id}
          onChange={(_, { value: id }) => onChange({ id, name: rules?.shared.calendars[id]?.name ?? '' })}
        >
          {calendar === undefined && <option value={chosen.id}>{chosen.name}</option>}
          {calendars.map(([id, { name }]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Setting>
      <p className="small quiet">
        {rules && calendar && `${rules.stateWords(calendar, now)}. `}
        <a href={calendar ? `/hours?id=${chosen.id}` : '/hours'}>{calendar ? texts.editHours : texts.makeHours}</a>
      </p>
    </div>
  )
}
