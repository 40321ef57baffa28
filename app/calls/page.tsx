import type { Metadata } from 'next'
import { CallsPage } from '#designer/calls/CallsPage.tsx'
import { shellMessages } from '#designer/messages/shell.ts'

export const metadata: Metadata = { title: shellMessages.sections.calls }

export default function Page() {
  return <CallsPage />
}
