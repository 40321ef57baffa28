'use client'
import { Button } from '@fluentui/react-components'
import { useState } from 'react'
import { callerWords } from '../calls/callWords.ts'
import { mailboxMessages as words } from '../messages/mailbox.ts'
import { ConfirmDialog } from '../shell/ConfirmDialog.tsx'
import { News } from '../shell/News.tsx'
import { Failed, Loading } from '../shell/Notice.tsx'
import { PageRoot } from '../shell/PageRoot.tsx'
import { SectionPage } from '../shell/SectionPage.tsx'
import { errorWords } from '../shell/words.ts'
import type { MessageItem } from '../wire.ts'
import { Callbacks } from './Callbacks.tsx'
import { Keeping } from './Keeping.tsx'
import { MessageRows } from './MessageRows.tsx'
import { useCallbacks } from './useCallbacks.ts'
import { useMailbox } from './useMailbox.ts'
import './mailbox.css'

/** Who is to be called back, and what callers have left to be heard, and whether it is kept. */
export function MessagesPage() {
  return (
    <PageRoot>
      <Messages />
    </PageRoot>
  )
}

function Messages() {
  const callbacks = useCallbacks()
  const mailbox = useMailbox(callbacks.list.reload)
  const { list, setting, deleted, restored } = mailbox
  const [deleting, setDeleting] = useState<MessageItem | null>(null)
  const { removing } = words
  const nameOf = (message: MessageItem | null) => (message ? callerWords(message) : '')

  async function remove() {
    if (!deleting) return
    await mailbox.remove(deleting)
    setDeleting(null)
  }

  return (
    <SectionPage section="messages">
      {!mailbox.connected && (
        <p className="mailbox-offline small" role="status">
          {words.disconnected}
        </p>
      )}
      <News
        failure={mailbox.failure}
        said={[
          deleted && {
            text: removing.done(nameOf(deleted)),
            action: <Button onClick={() => void mailbox.restore()}>{removing.restore}</Button>,
          },
          restored && { text: removing.restored(nameOf(restored)), intent: 'success' },
        ]}
      />
      <Callbacks {...callbacks} days={setting.value?.days} />
      {setting.value && <Keeping setting={setting.value} onSave={mailbox.keep} />}
      {list.value && list.error !== null && <p className="mailbox-offline small">{errorWords(list.error)}</p>}
      {!list.value && (list.error ? <Failed error={list.error} onAgain={list.reload} /> : <Loading />)}
      {list.value && (
        <>
          <p className="unseen" role="status">
            {words.count(list.value.messages.length, list.value.open)}
          </p>
          {list.value.messages.length === 0 ? (
            <NoMessages keeps={setting.value?.keeps ?? false} />
          ) : (
            <MessageRows {...list.value} onDone={mailbox.setDone} onDelete={setDeleting} />
          )}
          {list.value.more && (
            <Button className="mailbox-more" onClick={mailbox.more}>
              {words.more}
            </Button>
          )}
        </>
      )}
      <ConfirmDialog
        open={deleting !== null}
        {...{ text: removing.text, submit: removing.submit, cancel: removing.cancel }}
        title={removing.title(nameOf(deleting))}
        act={remove}
        onClose={() => setDeleting(null)}
      />
    </SectionPage>
  )
}

const NoMessages = ({ keeps }: { keeps: boolean }) => (
  <div className="card notice">
    <h2>{words.empty.title}</h2>
    <p>{keeps ? words.empty.on : words.empty.off}</p>
  </div>
)
