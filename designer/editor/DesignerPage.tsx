'use client'
import { api } from '../shell/api.ts'
import { Failed, Loading } from '../shell/Notice.tsx'
import { PageRoot } from '../shell/PageRoot.tsx'
import { useLoaded } from '../shell/useLoaded.ts'
import { FlowDesigner } from './FlowDesigner.tsx'

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
  if (!opened) return error ? <Failed error={error} onAgain={reload} /> : <Loading />
  return <FlowDesigner key={`${flowId} ${opened.revision}`} opened={opened} onReload={reload} />
}
