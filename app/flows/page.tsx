import type { Metadata } from 'next'
import { FlowsPage } from '#designer/flows/FlowsPage.tsx'
import { shellMessages } from '#designer/messages/shell.ts'

export const metadata: Metadata = { title: shellMessages.sections.flows }

export default function Page() {
  return <FlowsPage />
}
