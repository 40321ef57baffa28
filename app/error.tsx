'use client'
import { shellMessages } from '#designer/messages/shell.ts'
import { PlainPage } from '#designer/shell/PlainPage.tsx'

export default function Failure() {
  return <PlainPage {...shellMessages.broken} link={{ href: '/flows', text: shellMessages.toFlows }} />
}
