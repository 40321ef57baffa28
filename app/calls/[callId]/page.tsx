import type { Metadata } from 'next'
import { CallsPage } from '#designer/calls/CallsPage.tsx'
import { shellMessages } from '#designer/messages/shell.ts'

export const metadata: Metadata = { title: shellMessages.sections.calls }

export default async function Page({ params }: { params: Promise<{ callId: string }> }) {
  return <CallsPage callId={(await params).callId} />
}
