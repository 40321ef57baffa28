import type { Metadata } from 'next'
import { flowsMessages } from '#designer/messages/flows.ts'
import { FlowsPage } from '../onlyInBrowser.tsx'

export const metadata: Metadata = { title: flowsMessages.title }

export default function Page() {
  return <FlowsPage />
}
