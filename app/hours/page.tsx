import type { Metadata } from 'next'
import { HoursPage } from '#designer/hours/HoursPage.tsx'
import { shellMessages } from '#designer/messages/shell.ts'

export const metadata: Metadata = { title: shellMessages.sections.hours }

export default function Page() {
  return <HoursPage />
}
