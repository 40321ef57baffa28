import { Button, Input, Switch } from '@fluentui/react-components'
import { type Calendar, minutesOf, type Span, type Weekday, wallTime, weekdayOf, weekdays } from '#flow/calendar.ts'
import { hoursMessages } from '../messages/hours.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { addBreak, copyDay, type Faults, readTime, removeBreak, setOpen, setSpan } from './draft.ts'

const words = hoursMessages.week

type Props = { draft: Calendar; faults: Faults; now: number; onChange(draft: Calendar, said?: string): void }

/** The hours of each day, as text, and a bar that repeats them. */
export function Week({ draft, faults, now, onChange }: Props) {
  const today = wallTime(now, draft.timeZone)
  return (
    <section className="card hours-card" aria-label={words.title}>
      <div className="row hours-row">
        <h3>{words.title}</h3>
      </div>
      {weekdays.map((day) => (
        <Day
          key={day}
          {...{ day, draft, faults, onChange }}
          minutes={weekdayOf(today.day) === day ? today.minutes : null}
        />
      ))}
    </section>
  )
}

function Day({ day, draft, faults, minutes, onChange }: Omit<Props, 'now'> & { day: Weekday; minutes: number | null }) {
  const spans = draft.week[day]
  const name = words.days[day]
  const isOpen = spans.length > 0
  return (
    <div className="row hours-row hours-day">
      <span className={minutes === null ? 'hours-weekday' : 'hours-weekday strong'}>{name}</span>
      <Switch
        aria-label={words.open(name)}
        checked={isOpen}
        onChange={(_, { checked }) => onChange(setOpen(draft, day, checked))}
      />
      <div className="row hours-spans">
        {!isOpen && <span className="quiet">{words.closed}</span>}
        {spans.map((span, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: hours have no name but their place.
          <span className="row hours-span" key={n}>
            {n > 0 && <span className="quiet">{words.and}</span>}
            <SpanFields
              {...{ span, name, faults }}
              at={`week.${day}.${n}`}
              onChange={(one) => onChange(setSpan(draft, day, n, one))}
            />
          </span>
        ))}
        {spans.length === 1 && (
          <Button appearance="transparent" size="small" onClick={() => onChange(addBreak(draft, day))}>
            {words.addBreak}
          </Button>
        )}
        {spans.length > 1 && spans.length < 6 && (
          <IconButton
            size="small"
            icon="plus"
            title={words.addHours(name)}
            onClick={() => onChange(addBreak(draft, day))}
          />
        )}
        {spans.length > 1 && (
          <IconButton
            size="small"
            icon="close"
            title={words.removeBreak(name)}
            onClick={() => onChange(removeBreak(draft, day))}
          />
        )}
      </div>
      <Bar spans={spans} minutes={minutes} />
      {isOpen ? (
        <IconButton
          size="small"
          icon="copy"
          title={words.copy(name)}
          onClick={() => onChange(copyDay(draft, day), words.copied(name))}
        />
      ) : (
        <span className="hours-no-copy" />
      )}
    </div>
  )
}

type SpanProps = { span: Span; name: string; at: string; faults: Faults; onChange(span: Partial<Span>): void }

/** From and to, as text; what cannot be read is said below. */
export function SpanFields({ span, name, at, faults, onChange }: SpanProps) {
  const wrong = (end: string) => faults.has(`${at}.${end}`)
  const field = (end: 'from' | 'to') => (
    <Input
      className="hours-time"
      aria-label={words[end](name)}
      aria-invalid={wrong(end) || undefined}
      value={span[end]}
      onChange={(_, { value }) => onChange({ [end]: value })}
      onBlur={() => readTime(span[end]) !== span[end] && onChange({ [end]: readTime(span[end]) })}
    />
  )
  const fault = wrong('from') || wrong('to') ? words.wrongTime : faults.has(at) ? words.sameTime : null
  return (
    <>
      {field('from')}
      <span aria-hidden="true">–</span>
      {field('to')}
      {fault === null && readTime(span.to) < readTime(span.from) && (
        <span className="small quiet">{words.nextDay}</span>
      )}
      {fault !== null && (
        <span className="small bad" role="alert">
          {fault}
        </span>
      )}
    </>
  )
}

const dayMinutes = 24 * 60
const share = (minutes: number) => `${(100 * minutes) / dayMinutes}%`

/** A day from midnight to midnight; what goes on into the next day ends at its right. */
function Bar({ spans, minutes }: { spans: readonly Span[]; minutes: number | null }) {
  return (
    <span className="hours-bar wide-only" aria-hidden="true">
      {spans.map(({ from, to }) => {
        const [start, end] = [minutesOf(from), to < from ? dayMinutes : minutesOf(to)]
        if (!(end > start)) return null
        return <span key={from} style={{ insetInlineStart: share(start), width: share(end - start) }} />
      })}
      {minutes !== null && <i style={{ insetInlineStart: share(minutes) }} />}
    </span>
  )
}
