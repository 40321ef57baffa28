import type { Metadata } from 'next'
import { callsMessages } from '#designer/messages/calls.ts'
import { CallsPage } from '../../onlyInBrowser.tsx'

export const metadata: Metadata = { title: callsMessages.title }

export default async function Page({ params }: { params: Promise<{ callId: string }> }) {
  return <CallsPage callId={(await params).callId} />
}
