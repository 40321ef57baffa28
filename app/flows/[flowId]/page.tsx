import type { Metadata } from 'next'
import { flowsMessages } from '#designer/messages/flows.ts'
import { DesignerPage } from '../../onlyInBrowser.tsx'

export const metadata: Metadata = { title: flowsMessages.oneFlow }

export default async function Page({ params }: { params: Promise<{ flowId: string }> }) {
  return <DesignerPage flowId={(await params).flowId} />
}
