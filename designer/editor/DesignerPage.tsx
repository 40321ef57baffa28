'use client'
import { lazy, Suspense } from 'react'
import { api } from '../shell/api.ts'
import { refusal } from '../shell/error.ts'
import { Failed, Loading } from '../shell/Notice.tsx'
import { PageRoot } from '../shell/PageRoot.tsx'
import { useLoaded } from '../shell/useLoaded.ts'
import { FlowDesigner } from './FlowDesigner.tsx'

// Few open a flow that was deleted, and its words are those of the list.
const RemovedFlow = lazy(async () => ({ default: (await import('../flows/RemovedFlow.tsx')).RemovedFlow }))

/** One flow on the canvas, with the test phone at hand. */
export function DesignerPage({ flowId }: { flowId: string }) {
  return (
    <PageRoot>
      <OneFlow flowId={flowId} />
    </PageRoot>
  )
}

function OneFlow({ flowId }: { flowId: string }) {
  const { value: opened, error, reload } = useLoaded(`flow ${flowId}`, (signal) => api.flow(flowId, signal))
  const removed = refusal(error, 'removed')
  if (!opened && removed) {
    return (
      <Suspense fallback={<Loading />}>
        <RemovedFlow flowId={flowId} removed={removed} onRestored={reload} />
      </Suspense>
    )
  }
  if (!opened) return error ? <Failed error={error} onAgain={reload} /> : <Loading />
  return <FlowDesigner key={`${flowId} ${opened.revision}`} opened={opened} onReload={reload} />
}
