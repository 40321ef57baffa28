import type { MouseEvent } from 'react'
import { Icon, type IconName } from '../icons.tsx'
import { callsMessages as words } from '../messages/calls.ts'
import { useNow } from '../shell/useNow.ts'
import { isToday, lengthOf, timeOf, whenOf } from '../shell/words.ts'
import type { CallItem } from '../wire.ts'
import { callerWords, type Mark, markOf, outcomeWords } from './callWords.ts'

type Choosing = { chosen: string | null; onChoose: (id: string) => void }

/** Calls under their headings: now, earlier today, earlier. */
export function CallList({ calls, ...choosing }: { calls: CallItem[] } & Choosing) {
  const ended = calls.filter(({ state }) => state === 'ended')
  const groups = [
    { title: words.now, calls: calls.filter(({ state }) => state === 'live') },
    { title: words.today, calls: ended.filter(({ startedAt }) => isToday(startedAt)) },
    { title: words.earlier, calls: ended.filter(({ startedAt }) => !isToday(startedAt)) },
  ]
  return groups
    .filter((group) => group.calls.length > 0)
    .map((group) => (
      <section key={group.title}>
        <h2 className="calls-heading small quiet">{group.title}</h2>
        <ul>
          {group.calls.map((call) => (
            <Row key={call.id} call={call} {...choosing} />
          ))}
        </ul>
      </section>
    ))
}

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
  const length = lengthOf(end - Date.parse(call.startedAt))

  function choose(event: MouseEvent) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return // a new tab or window, as the browser does it
    event.preventDefault()
    onChoose(call.id)
  }

  return (
    <li>
      <a
        className="calls-row"
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
        <span className="figures">
          {live ? length : isToday(call.startedAt) ? timeOf(call.startedAt) : whenOf(call.startedAt)}
        </span>
        <span className="small cut calls-what">
          {live
            ? call.lastBlock?.name
              ? words.in(call.flowName, call.lastBlock.name)
              : call.flowName
            : outcomeWords(call)}
        </span>
        {!live && <span className="small quiet figures">{length}</span>}
        {!live && (
          <span className="small quiet cut calls-what">
            {call.flowName}
            {call.test && ` · ${words.test}`}
          </span>
        )}
      </a>
    </li>
  )
}
