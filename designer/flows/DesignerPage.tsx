import { lazy, Suspense } from 'react'
import { FlowDesigner } from '../FlowDesigner.tsx'
import { Loading } from '../shell/Notice.tsx'
import { PageRoot } from '../shell/PageRoot.tsx'

// Nobody waits for the phone who only wants to draw.
const Softphone = lazy(async () => ({ default: (await import('../phone/Softphone.tsx')).Softphone }))

/** One flow on the canvas, with the test phone at hand. */
export function DesignerPage({ flowId }: { flowId: string }) {
  return (
    <PageRoot>
      <FlowDesigner
        flowId={flowId}
        phone={(props) => (
          <Suspense fallback={<Loading />}>
            <Softphone {...props} />
          </Suspense>
        )}
      />
    </PageRoot>
  )
}
