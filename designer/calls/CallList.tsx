import { Button } from '@fluentui/react-components'
import { type MouseEvent, type ReactNode, type RefObject, useEffect, useRef } from 'react'
import { Icon, type IconName } from '../icons.tsx'
import { callsMessages as words } from '../messages/calls.ts'
import { useNow } from '../shell/useNow.ts'
import { dayWords, exactTimeOf, isToday, lengthOf, numberWords } from '../shell/words.ts'
import type { CallGroup, CallItem, CallOverview } from '../wire.ts'
import type { Groups } from './callGroups.ts'
import { callerWords } from './callWords.ts'
import { type Mark, markOf, outcomeWords } from './outcomes.ts'
import { useStill } from './useStill.ts'

type Choosing = { chosen: string | null; onChoose: (id: string) => void }
type Props = Choosing & {
  groups: Groups
  overview: CallOverview
  /** Nothing is searched for, so that the counts of the overview are those of the list. */
  counted: boolean
  onMore: (group: CallGroup) => void
  /** What is said where there are no calls. */
  empty: ReactNode
}

/** Calls under their headings: those who were not reached first, then those that run, then the days. */
export function CallList({ groups, overview, counted, onMore, empty, ...choosing }: Props) {
  const place = useRef<HTMLDivElement>(null)
  useStill(place, groups)
  useWayBack(place, choosing.chosen)
  const { notReached, now, earlier } = groups
  const { counts, most } = overview

  /** "3", "more than 1,000": of a group that is longer than what is listed, as far as it was counted. */
  const many = (listed: number, more: boolean, inAll: number) => {
    if (!more) return numberWords(listed)
    if (!counted) return words.moreThan(numberWords(listed))
    return inAll > most.counted ? words.moreThan(numberWords(most.counted)) : numberWords(Math.max(listed, inAll))
  }
  const rows = (calls: readonly CallItem[]) => calls.map((call) => <Row key={call.id} call={call} {...choosing} />)
  const none = [notReached, now, earlier].every(({ calls }) => calls.length === 0)

  return (
    <div ref={place} className="calls-groups">
      {none && empty}
      {notReached.calls.length > 0 && (
        <Group title={words.groups.notReached(many(notReached.calls.length, notReached.more, counts.notReached))}>
          {rows(notReached.calls)}
        </Group>
      )}
      {notReached.more && <More label={words.moreOf} onClick={() => onMore('notReached')} />}
      {now.calls.length > 0 && (
        <Group title={words.groups.now(many(now.calls.length, now.more, counts.now))}>{rows(now.calls)}</Group>
      )}
      {now.more && <More label={words.moreOf} onClick={() => onMore('now')} />}
      {daysOf(earlier.calls).map(({ day, today, calls }, n, days) => (
        <Group
          key={day}
          title={
            today ? words.groups.today(many(calls.length, earlier.more && n === days.length - 1, counts.earlier)) : day
          }
        >
          {rows(calls)}
        </Group>
      ))}
      {earlier.more && <More label={words.older} onClick={() => onMore('earlier')} />}
    </div>
  )
}

/** Where a call takes the place of the list, the way back from it ends at its row. */
function useWayBack(place: RefObject<HTMLElement | null>, chosen: string | null) {
  const before = useRef(chosen)
  useEffect(() => {
    const left = before.current
    before.current = chosen
    if (chosen !== null || left === null || document.activeElement !== document.body) return
    place.current?.querySelector<HTMLElement>(`[data-call="${CSS.escape(left)}"]`)?.focus()
  }, [place, chosen])
}

function daysOf(calls: readonly CallItem[]) {
  const days: { day: string; today: boolean; calls: CallItem[] }[] = []
  for (const call of calls) {
    const today = isToday(call.startedAt)
    const day = today ? '' : dayWords(call.startedAt)
    const last = days.at(-1)
    if (last?.day === day) last.calls.push(call)
    else days.push({ day, today, calls: [call] })
  }
  return days
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="calls-heading small quiet figures">{title}</h2>
      <ul>{children}</ul>
    </section>
  )
}

const More = ({ label, onClick }: { label: string; onClick: () => void }) => (
  <div className="calls-more">
    <Button onClick={onClick}>{label}</Button>
  </div>
)

const icons: Record<Exclude<Mark, 'live'>, { name: IconName; tone: string }> = {
  fine: { name: 'okCircle', tone: 'fine' },
  left: { name: 'skip', tone: 'quiet' },
  bad: { name: 'err', tone: 'bad' },
}

function Row({ call, chosen, onChoose }: { call: CallItem } & Choosing) {
  const live = call.state === 'live'
  const now = useNow(live)
  const mark = markOf(call)
  const end = call.endedAt === null ? now : Date.parse(call.endedAt)

  function choose(event: MouseEvent) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return // a new tab or window, as the browser does it
    event.preventDefault()
    onChoose(call.id)
  }

  return (
    <li>
      <a
        className="calls-row"
        id={`call-${call.id}`}
        data-call={call.id}
        href={`/calls/${call.id}`}
        aria-current={call.id === chosen ? 'true' : undefined}
        onClick={choose}
      >
        {mark === 'live' ? (
          <span className="live-dot calls-dot" />
        ) : (
          <span className={icons[mark].tone}>
            <Icon name={icons[mark].name} />
          </span>
        )}
        <span className="strong cut">{callerWords(call)}</span>
        <span className="figures">{exactTimeOf(call.startedAt)}</span>
        <span className="small calls-what">{outcomeWords(call)}</span>
        <span className="small quiet figures">{lengthOf(end - Date.parse(call.startedAt))}</span>
        <span className="small quiet cut calls-what">
          {call.flowName}
          {call.test && ` · ${words.test}`}
        </span>
      </a>
    </li>
  )
}
