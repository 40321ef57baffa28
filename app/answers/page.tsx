import type { Metadata } from 'next'
import { AnswersPage } from '#designer/answers/AnswersPage.tsx'
import { answersMessages } from '#designer/messages/answers.ts'

export const metadata: Metadata = { title: answersMessages.title }

export default function Page() {
  return <AnswersPage />
}
