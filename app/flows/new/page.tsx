import type { Metadata } from 'next'
import { NewFlowPage } from '#designer/flows/NewFlowPage.tsx'
import { cardOf } from '#designer/flows/templateCard.ts'
import { newFlowMessages } from '#designer/messages/newFlow.ts'
import { templateIds, templates } from '#flow/templates/index.ts'

export const metadata: Metadata = { title: newFlowMessages.title }

const cards = templateIds.map((id) => cardOf(id, templates[id]))

export default function Page() {
  return <NewFlowPage templates={cards} />
}
