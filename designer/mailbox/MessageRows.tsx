import { Button, useRestoreFocusTarget } from '@fluentui/react-components'
import { callerWords } from '../calls/callWords.ts'
import { Icon } from '../icons.tsx'
import { mailboxMessages as words } from '../messages/mailbox.ts'
import { addresses } from '../shell/api.ts'
import { lengthOf, numberWords, whenOf } from '../shell/words.ts'
import type { MessageItem } from '../wire.ts'

type Actions = { onDone(message: MessageItem, done: boolean): void; onDelete(message: MessageItem): void }
type Props = { messages: MessageItem[]; open: number } & Actions

/** Messages as rows, the latest first: who, when, how long, of which flow; to be heard, done with, or deleted. */
export function MessageRows({ messages, open, ...actions }: Props) {
  return (
    <section className="card" aria-label={words.list}>
      <h2 className="mailbox-heading small quiet figures">{words.toDo(numberWords(open))}</h2>
      <ul className="mailbox-rows">
        {messages.map((message) => (
          <Row key={message.id} message={message} {...actions} />
        ))}
      </ul>
    </section>
  )
}

function Row({ message, onDone, onDelete }: { message: MessageItem } & Actions) {
  const takesFocusBack = useRestoreFocusTarget()
  const { id, callId, at, durationMs, flowName, test, done } = message
  const caller = callerWords(message)
  const isDone = done !== null
  return (
    <li className="mailbox-row" data-done={isDone}>
      <span className={isDone ? 'fine' : 'mailbox-new'}>
        <Icon name={isDone ? 'okCircle' : 'voicemail'} />
      </span>
      <div className="mailbox-who">
        <a className={isDone ? 'cut' : 'strong cut'} href={`/calls/${callId}`} title={words.call(caller)}>
          {caller}
        </a>
        <p className="small quiet cut">
          {flowName ?? words.noFlow}
          {test && ` · ${words.test}`}
        </p>
      </div>
      <div className="mailbox-when">
        <p>{whenOf(at)}</p>
        <p className="small quiet figures">{words.length(lengthOf(Math.max(1_000, durationMs)))}</p>
      </div>
      <div className="mailbox-sound">
        {/* biome-ignore lint/a11y/useMediaCaption: what a caller says is written down nowhere */}
        <audio
          controls
          preload="none"
          src={addresses.message(id)}
          aria-label={words.play(caller, whenOf(at))}
          controlsList="nodownload"
        />
        <p className="small quiet">{heardWords(message)}</p>
      </div>
      <div className="mailbox-acts">
        <Button
          aria-label={isDone ? words.setUndone(caller) : words.setDone(caller)}
          onClick={() => onDone(message, !isDone)}
        >
          {isDone ? words.undone : words.done}
        </Button>
        <Button
          {...takesFocusBack}
          appearance="subtle"
          icon={<Icon name="trash" />}
          title={words.remove(caller)}
          aria-label={words.remove(caller)}
          onClick={() => onDelete(message)}
        />
      </div>
    </li>
  )
}

/** Who has listened last and how often it was heard, and who is done with it. */
function heardWords({ listens, done }: MessageItem): string {
  const [last] = listens
  const parts = [
    last ? words.heardBy(last.by, whenOf(last.at)) : words.notHeard,
    listens.length > 1 && words.listens(numberWords(listens.length)),
    done && words.doneBy(done.by, whenOf(done.at)),
  ]
  return parts.filter(Boolean).join(' · ')
}
