'use client'
import { Button, Select, useRestoreFocusTarget } from '@fluentui/react-components'
import { useRef, useState } from 'react'
import { Canvas } from '../canvas/Canvas.tsx'
import type { CanvasHandle } from '../canvas/canvasProps.ts'
import { RemovedFlow } from '../flows/RemovedFlow.tsx'
import { MenuButton } from '../MenuButton.tsx'
import { versionsMessages as words } from '../messages/versions.ts'
import { addresses, api } from '../shell/api.ts'
import { BackLink } from '../shell/BackLink.tsx'
import { refusal } from '../shell/error.ts'
import { Failed, Loading } from '../shell/Notice.tsx'
import { PageRoot } from '../shell/PageRoot.tsx'
import { useLoaded } from '../shell/useLoaded.ts'
import { momentOf } from '../shell/words.ts'
import { useDrawing } from '../useDrawing.ts'
import type { FlowVersions, OpenedVersion } from '../wire.ts'
import { nameOf, useVersionActions, type VersionActions } from './useVersionActions.ts'
import { VersionDialogs } from './VersionDialogs.tsx'
import { VersionNews } from './VersionNews.tsx'
import { VersionOutline } from './VersionOutline.tsx'
import './versions.css'

/** One version as it was, to be looked at: nothing can be changed. `version`: its number, or the id of a draft that was put aside. */
export function OneVersionPage({ flowId, version }: { flowId: string; version: string }) {
  return (
    <PageRoot>
      <Loaded flowId={flowId} version={version} />
    </PageRoot>
  )
}

function Loaded({ flowId, version }: { flowId: string; version: string }) {
  const { value, error, reload } = useLoaded(`version ${flowId} ${version}`, async (signal) => {
    const [opened, list] = await Promise.all([api.version(flowId, version, signal), api.versions(flowId, {}, signal)])
    return { opened, list }
  })
  if (value) return <OneVersion flowId={flowId} {...value} onChange={reload} />
  const removed = refusal(error, 'removed')
  if (removed) return <RemovedFlow flowId={flowId} removed={removed} onRestored={reload} />
  return error ? <Failed error={error} onAgain={reload} /> : <Loading />
}

type Props = { flowId: string; opened: OpenedVersion; list: FlowVersions; onChange(): void }

function OneVersion({ flowId, opened, list, onChange }: Props) {
  const { flow, version } = opened
  const drawing = useDrawing(flow)
  const canvas = useRef<CanvasHandle>(null)
  const [selected, select] = useState<string | null>(null)
  const actions = useVersionActions(flowId, onChange)
  const [latest] = list.versions

  function show(block: string | null) {
    select(block)
    if (block !== null) canvas.current?.show(block)
  }

  return (
    <div className="version column">
      <VersionBar {...{ flowId, opened, list, actions }} />
      <VersionNews actions={actions} />
      <div className="version-body">
        <main className="version-canvas column">
          <Canvas
            ref={canvas}
            drawing={drawing}
            problems={[]}
            mode="view"
            selected={selected === null ? [] : [selected]}
            onSelect={([id]) => select(id ?? null)}
            onOpen={show}
            readOnlyReason={words.fixed}
          />
        </main>
        <aside className="version-aside" aria-label={nameOf(version)}>
          <VersionOutline opened={opened} drawing={drawing} selected={selected} onSelect={show} />
        </aside>
      </div>
      <VersionDialogs actions={actions} standing={{ draft: list.draft, heard: latest ?? null }} />
    </div>
  )
}

type BarProps = {
  flowId: string
  opened: OpenedVersion
  list: FlowVersions
  actions: VersionActions
}

/** Where one is, which version is shown (beside it a second one to compare with will stand), and the ways back. */
function VersionBar({ flowId, opened: { version, name, heard }, list, actions }: BarProps) {
  const takesFocusBack = useRestoreFocusTarget()
  const { id, number } = version
  const all = `/flows/${flowId}/versions`
  const shown = list.versions.some((one) => one.number === number)
  return (
    <header className="bar versions-bar">
      <BackLink href={all} title={words.backToAll} />
      <div className="cut version-title">
        <h1 className="cut">{name}</h1>
        <p className="small quiet cut">{`${nameOf({ id, number })} · ${momentOf(version.at)}, ${words.by(version.by)}`}</p>
      </div>
      <Select
        className="version-picker"
        aria-label={words.choose}
        value={String(number ?? id)}
        onChange={(_, { value }) => window.location.assign(`${all}/${value}${window.location.search}`)}
      >
        {!shown && <option value={String(number ?? id)}>{nameOf({ id, number })}</option>}
        {list.versions.map((one) => (
          <option key={one.number} value={String(one.number)}>
            {one.number === heard ? words.chooseHeard(one.number) : words.name(one.number)}
          </option>
        ))}
      </Select>
      <span className="space" />
      <Button className="wide-only" {...takesFocusBack} onClick={() => actions.askRestore({ id, number })}>
        {words.restore.action}
      </Button>
      {number !== null && number !== heard && (
        <Button
          appearance="primary"
          aria-label={words.rollBack.action(number)}
          {...takesFocusBack}
          onClick={() => actions.askRollBack({ id, number })}
        >
          <span className="wide-only">{words.rollBack.action(number)}</span>
          <span className="narrow-only">{words.rollBack.short}</span>
        </Button>
      )}
      <MenuButton
        title={words.actionsOf(nameOf({ id, number }))}
        choices={[
          { icon: 'history', label: words.restore.action, act: () => actions.askRestore({ id, number }) },
          {
            icon: 'upload',
            label: words.exported,
            act: () => window.location.assign(addresses.file(flowId, { version: String(number ?? id) })),
          },
        ]}
      />
    </header>
  )
}
