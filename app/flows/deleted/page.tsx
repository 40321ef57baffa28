import type { Metadata } from 'next'
import { DeletedFlowsPage } from '#designer/flows/DeletedFlowsPage.tsx'
import { flowsMessages } from '#designer/messages/flows.ts'

export const metadata: Metadata = { title: flowsMessages.removed.title }

export default function Page() {
  return <DeletedFlowsPage />
}
