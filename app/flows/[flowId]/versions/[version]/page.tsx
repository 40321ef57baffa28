import type { Metadata } from 'next'
import { versionsMessages } from '#designer/messages/versions.ts'
import { OneVersionPage } from '#designer/versions/OneVersionPage.tsx'

type Params = { flowId: string; version: string }

export async function generateMetadata({ params }: { params: Promise<Params> }): Promise<Metadata> {
  const { version } = await params
  return { title: /^\d+$/.test(version) ? versionsMessages.name(Number(version)) : versionsMessages.keptName }
}

export default async function Page({ params }: { params: Promise<Params> }) {
  return <OneVersionPage {...(await params)} />
}
