import type { Metadata } from 'next'
import { MessagesPage } from '#designer/mailbox/MessagesPage.tsx'
import { shellMessages } from '#designer/messages/shell.ts'

export const metadata: Metadata = { title: shellMessages.sections.messages }

export default function Page() {
  return <MessagesPage />
}
