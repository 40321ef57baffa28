import { shellMessages } from '#designer/messages/shell.ts'
import { PlainPage } from '#designer/shell/PlainPage.tsx'

export default function NotFound() {
  return <PlainPage {...shellMessages.notFound} link={{ href: '/flows', text: shellMessages.toFlows }} />
}
