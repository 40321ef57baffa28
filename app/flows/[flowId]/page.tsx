import type { Metadata } from 'next'
import { DesignerPage } from '#designer/editor/DesignerPage.tsx'
import { flowsMessages } from '#designer/messages/flows.ts'

export const metadata: Metadata = { title: flowsMessages.oneFlow }

export default async function Page({ params }: { params: Promise<{ flowId: string }> }) {
  return <DesignerPage flowId={(await params).flowId} />
}
