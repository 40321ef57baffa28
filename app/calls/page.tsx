import type { Metadata } from 'next'
import { callsMessages } from '#designer/messages/calls.ts'
import { CallsPage } from '../onlyInBrowser.tsx'

export const metadata: Metadata = { title: callsMessages.title }

export default function Page() {
  return <CallsPage callId={null} />
}
