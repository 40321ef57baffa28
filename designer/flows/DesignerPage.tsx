'use client'
import { lazy, Suspense, useEffect } from 'react'
import { FlowDesigner } from '../editor/FlowDesigner.tsx'
import { fetchLater } from '../shell/fetchLater.ts'
import { Loading } from '../shell/Notice.tsx'
import { PageRoot } from '../shell/PageRoot.tsx'

// Nobody waits for the phone who only wants to draw.
const softphone = () => import('../phone/Softphone.tsx')
const Softphone = lazy(async () => ({ default: (await softphone()).Softphone }))

/** One flow on the canvas, with the test phone at hand. */
export function DesignerPage({ flowId }: { flowId: string }) {
  useEffect(() => fetchLater(softphone), [])
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
