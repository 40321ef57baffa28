'use client'
import { useState } from 'react'
import { newFlowMessages as words } from '../messages/newFlow.ts'
import { PageRoot } from '../shell/PageRoot.tsx'
import { SectionPage } from '../shell/SectionPage.tsx'
import { NewFlowDetail } from './NewFlowDetail.tsx'
import { ImportCard, StartCard } from './StartCard.tsx'
import type { TemplateCard } from './templateCard.ts'
import '../categories.css'
import './newFlow.css'

/** What a new flow can begin as: templates, each with a picture of itself, an empty flow, a file. */
export const NewFlowPage = ({ templates }: { templates: readonly TemplateCard[] }) => (
  <PageRoot>
    <NewFlow templates={templates} />
  </PageRoot>
)

function NewFlow({ templates }: { templates: readonly TemplateCard[] }) {
  const [id, setId] = useState<TemplateCard['id'] | null>(templates[0]?.id ?? null)
  const chosen = templates.find((one) => one.id === id) ?? null
  return (
    <SectionPage section="flows" title={words.title} back={{ href: '/flows', title: words.back }}>
      <p className="quiet">{words.text}</p>
      <div className="starts">
        <div className="starts-cards" role="radiogroup" aria-label={words.choose}>
          {templates.map((one) => (
            <StartCard
              key={one.id}
              {...{ name: one.name, sentence: words.sentences[one.id], picture: one.picture }}
              isChosen={one.id === id}
              onChoose={() => setId(one.id)}
            />
          ))}
          <StartCard {...words.empty} picture={null} isChosen={chosen === null} onChoose={() => setId(null)} />
          <ImportCard />
        </div>
        <NewFlowDetail template={chosen} />
      </div>
    </SectionPage>
  )
}
