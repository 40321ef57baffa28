import type { Metadata } from 'next'
import { shellMessages } from '#designer/messages/shell.ts'
import { TablesPage } from '#designer/tables/TablesPage.tsx'

export const metadata: Metadata = { title: shellMessages.sections.tables }

export default function Page() {
  return <TablesPage />
}
