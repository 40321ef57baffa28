import type { Metadata } from 'next'
import { shellMessages } from '#designer/messages/shell.ts'
import { SettingsPage } from '#designer/settings/SettingsPage.tsx'

export const metadata: Metadata = { title: shellMessages.sections.settings }

export default function Page() {
  return <SettingsPage />
}
