import { Button } from '@fluentui/react-components'
import { callerWords } from '../calls/callWords.ts'
import { Icon } from '../icons.tsx'
import { mailboxMessages } from '../messages/mailbox.ts'
import { useMe } from '../shell/PageRoot.tsx'
import { useNow } from '../shell/useNow.ts'
import { dayWords, errorWords, isToday, numberWords, timeOf, whenOf } from '../shell/words.ts'
import type { CallbackItem } from '../wire.ts'
import type { useCallbacks } from './useCallbacks.ts'

const words = mailboxMessages.callbacks
const everyMinute = 60_000

type Actions = Pick<ReturnType<typeof useCallbacks>, 'change'>
/** `days`: how long they are kept, once that is known. */
type Props = ReturnType<typeof useCallbacks> & { days: number | undefined }

/** Who is to be called back, the most urgent first: who, which number, why, until when, by whom; to be taken and done. */
export function Callbacks({ list: { value, error }, failure, change, more, days }: Props) {
  const now = useNow(true, everyMinute)
  const wrong = failure ?? error
  return (
    <>
      {wrong !== null && (
        <p className="mailbox-offline small" role="alert">
          {errorWords(wrong)}
        </p>
      )}
      {value && value.callbacks.length > 0 && (
        <section className="card" aria-label={words.list}>
          <div role="status">
            <h2 className="mailbox-heading small quiet figures">
              {words.toDo(numberWords(value.open), value.overdue === 0 ? null : numberWords(value.overdue))}
            </h2>
          </div>
          <ul className="mailbox-rows mailbox-callbacks">
            {value.callbacks.map((callback) => (
              <Row key={callback.id} callback={callback} now={now} change={change} />
            ))}
          </ul>
          {value.more && (
            <Button className="mailbox-more" appearance="subtle" onClick={more}>
              {words.more}
            </Button>
          )}
          {days !== undefined && <p className="mailbox-foot small quiet">{words.kept(days)}</p>}
        </section>
      )}
    </>
  )
}

function Row({ callback, now, change }: { callback: CallbackItem; now: number } & Actions) {
  const { callId, name, number, reason, flowName, test, times, done } = callback
  const who = callerWords({ caller: { name: name || null, id: number } })
  const isDone = done !== null
  const isLate = !isDone && Date.parse(callback.due) < now
  return (
    <li className="mailbox-row" data-done={isDone}>
      <span className={isDone ? 'fine' : isLate ? 'bad' : 'mailbox-new'}>
        <Icon name={isDone ? 'okCircle' : isLate ? 'warn' : 'callBack'} />
      </span>
      <div className="mailbox-who">
        <a className={isDone ? 'cut' : 'strong cut'} href={`/calls/${callId}`} title={mailboxMessages.call(who)}>
          {who}
        </a>
        <p className="small quiet cut">
          {flowName ?? mailboxMessages.noFlow}
          {test && ` · ${mailboxMessages.test}`}
          {times > 1 && ` · ${words.times(times)}`}
        </p>
      </div>
      <div className="mailbox-why">
        {/^[+0-9]+$/.test(number) && (
          <a className="figures" href={`tel:${number}`}>
            {words.dial(number)}
          </a>
        )}
        <p className="small">{reason || words.noReason}</p>
      </div>
      <div className="mailbox-when">
        <p className={isLate ? 'bad' : undefined}>
          {done ? words.doneBy(done.by, whenOf(done.at)) : words.due(momentWords(callback.due), isLate)}
        </p>
        {!isDone && (
          <p className="small quiet cut">{callback.owner === null ? words.nobody : words.owner(callback.owner)}</p>
        )}
      </div>
      <Acts {...{ callback, who, change }} />
    </li>
  )
}

function Acts({ callback, who, change }: { callback: CallbackItem; who: string } & Actions) {
  const me = useMe()
  const isMine = callback.owner === me.name
  const isDone = callback.done !== null
  return (
    <div className="mailbox-acts">
      {!isDone && (
        <Button
          aria-label={isMine ? words.giveBackOf(who) : words.takeOf(who)}
          onClick={() => void change(callback, { owner: isMine ? null : me.name })}
        >
          {isMine ? words.giveBack : words.take}
        </Button>
      )}
      <Button
        aria-label={isDone ? words.undoneOf(who) : words.doneOf(who)}
        onClick={() => void change(callback, { done: !isDone })}
      >
        {isDone ? mailboxMessages.undone : mailboxMessages.done}
      </Button>
    </div>
  )
}

/** "Today, 10:42", "18 Nov, 10:42". */
const momentWords = (iso: string): string => (isToday(iso) ? whenOf(iso) : `${dayWords(iso)}, ${timeOf(iso)}`)
