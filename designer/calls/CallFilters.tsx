import { Button } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { Icon } from '../icons.tsx'
import { callsMessages as words } from '../messages/calls.ts'
import { addresses, api } from '../shell/api.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { useLoaded } from '../shell/useLoaded.ts'
import { type Filters, isPeriod, noFilters, periods, queryOf } from './filters.ts'
import { explain, resultChoices } from './outcomes.ts'

type Props = {
  filters: Filters
  /** Fields that the server refused, by their names on the wire. */
  refused: readonly string[]
  onChange: (filters: Filters, typing?: 'typing') => void
}

/** What is searched for, and which calls of all are listed. */
export function CallFilters({ filters, refused, onChange }: Props) {
  const { text, time, problem } = filters
  const set = (change: Partial<Filters>) => onChange({ ...filters, ...change })
  const textFault = refused.includes('text') ? words.filters.textRefused : null
  const dayFault = refused.includes('from') || refused.includes('until') ? words.filters.dayRefused : null
  return (
    <search className="calls-filters column">
      <label className="calls-search row">
        <Icon name="search" size={16} />
        <input
          type="search"
          value={text}
          placeholder={words.searchHint}
          aria-label={words.search}
          {...faulty('calls-text', textFault)}
          onChange={({ target }) => onChange({ ...filters, text: target.value }, 'typing')}
        />
      </label>
      <Fault id="calls-text" fault={textFault} />
      {/^\s*\S{1,2}\s*$/.test(text) && <p className="small quiet">{words.searchShort}</p>}
      <Choices filters={filters} set={set} />
      {!isPeriod(time) && (
        <input
          type="date"
          className="calls-choice"
          value={time}
          aria-label={words.filters.day}
          {...faulty('calls-day', dayFault)}
          onChange={({ target }) => target.value !== '' && set({ time: target.value })}
        />
      )}
      <Fault id="calls-day" fault={dayFault} />
      {problem !== '' && (
        <p className="small row calls-cause">
          <span>{words.filters.cause(explain(problem).title)}</span>
          <IconButton icon="close" size="small" title={words.filters.clearCause} onClick={() => set(noCause)} />
        </p>
      )}
    </search>
  )
}

/** WCAG 2.2, 3.3.1: the field that is in error is named, and the error is said in words. */
const faulty = (id: string, fault: string | null) =>
  fault === null ? {} : { 'aria-invalid': true, 'aria-describedby': id }

const Fault = ({ id, fault }: { id: string; fault: string | null }) =>
  fault === null ? null : (
    <p id={id} className="small bad" role="alert">
      {fault}
    </p>
  )

function Choices({ filters, set }: { filters: Filters; set: (change: Partial<Filters>) => void }) {
  const { flowId, time, result } = filters
  const flows = useLoaded('flows of calls', (signal) => api.callFlows(signal)).value ?? []
  return (
    <div className="row calls-choices">
      <Choice label={words.filters.flow} value={flowId} onChange={(value) => set({ flowId: value })}>
        <option value="">{words.filters.allFlows}</option>
        {flows.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Choice>
      <Choice
        label={words.filters.time}
        value={isPeriod(time) ? time : 'day'}
        onChange={(value) => set({ time: value === 'day' ? today() : value })}
      >
        {periods.map((period) => (
          <option key={period} value={period}>
            {words.times[period]}
          </option>
        ))}
        <option value="day">{words.times.day}</option>
      </Choice>
      <Choice
        label={words.filters.result}
        value={result}
        onChange={(value) => set({ result: resultChoices.find((one) => one === value) ?? '', ...noCause })}
      >
        <option value="">{words.filters.anyResult}</option>
        {resultChoices.map((choice) => (
          <option key={choice} value={choice}>
            {words.results[choice]}
          </option>
        ))}
      </Choice>
      <span className="space" />
      <Button
        as="a"
        appearance="subtle"
        size="small"
        href={addresses.callExport(queryOf(filters, new Date()))}
        download
        icon={<Icon name="export" size={16} />}
        title={words.export}
        aria-label={words.export}
      />
    </div>
  )
}

/** The browser's own list: it is a page's own on a phone, and costs nothing. */
const Choice = (props: { label: string; value: string; onChange: (value: string) => void; children: ReactNode }) => (
  <select
    className="calls-choice"
    aria-label={props.label}
    value={props.value}
    data-chosen={props.value !== ''}
    onChange={({ target }) => props.onChange(target.value)}
  >
    {props.children}
  </select>
)

const noCause = { problem: noFilters.problem, block: noFilters.block }

/** In the form of a field for dates: https://html.spec.whatwg.org/#valid-date-string */
function today(): string {
  const now = new Date()
  const two = (number: number) => String(number).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}
