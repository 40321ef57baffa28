import type { Metadata } from 'next'
import { versionsMessages } from '#designer/messages/versions.ts'
import { VersionsPage } from '#designer/versions/VersionsPage.tsx'

export const metadata: Metadata = { title: versionsMessages.title }

export default async function Page({ params }: { params: Promise<{ flowId: string }> }) {
  return <VersionsPage flowId={(await params).flowId} />
}
