import './header.css'
import { Button } from '@fluentui/react-components'
import { type ReactNode, useState } from 'react'
import type { Flow } from '#flow/flow.ts'
import { spokenOf } from '#flow/links.ts'
import { choicesIn } from '#flow/subFlows.ts'
import type { DraftHandle } from '../draft/useDraft.ts'
import { Icon } from '../icons.tsx'
import { MenuButton, type MenuChoice } from '../MenuButton.tsx'
import { designerMessages } from '../messages/designer.ts'
import type { Counts } from '../problems/finding.ts'
import { addresses } from '../shell/api.ts'
import { BackLink } from '../shell/BackLink.tsx'
import { IconButton } from '../shell/IconButton.tsx'
import { ProblemCounts } from '../shell/ProblemCounts.tsx'
import { useTitle } from '../shell/useTitle.ts'
import { type Hearing, progressWords, savedWords } from './savedWords.ts'

const { header: words, saved, clipboard } = designerMessages

type Props = {
  flowId: string
  draft: DraftHandle
  onRename(name: string): void
  hearing: Hearing
  problems: Counts
  onProblems(): void
  step(direction: 'undo' | 'redo'): void
  /** While a test call runs nothing can be edited, and the phone's keys are the next step. */
  calling: boolean
  onTestCall(): void
  onPublish(): void
  onRemove(): void
  /** Asks what goes into the flow's file, where there is a choice. */
  onExport(): void
  /** Puts a file in the place of the draft. */
  onImport(): void
  /** Brings in what lies on the clipboard. */
  onPaste(): void
  find: ReactNode
  onFind(): void
  /** Shows the settings of the flow itself, where there is no room for them beside the canvas. */
  onSettings(): void
  /** Past all of this, to where the flow is drawn. */
  onSkip(): void
}

/** The header of the designer: where one is, what is saved, and what comes next. */
export function Header(props: Props) {
  const { flowId, draft, calling, problems, step } = props
  const progress = progressWords(props.hearing.publishing)
  return (
    <header className="bar designer-bar">
      <button type="button" className="bare skip-link" onClick={props.onSkip}>
        {words.skip}
      </button>
      <BackLink href="/flows" title={words.back} />
      <div className="designer-title">
        <FlowName name={draft.flow.name} onRename={props.onRename} fixed={calling} />
        <p className="small quiet row">
          <span className="cut" role="status">
            {savedWords(draft.saveState, props.hearing)}
          </span>
          {progress && <span className="whole figures">{progress}</span>}
          {draft.saveState.type === 'failed' && (
            <Button size="small" onClick={() => void draft.saving.saveNow().catch(() => {})}>
              {saved.again}
            </Button>
          )}
        </p>
      </div>
      {!calling && (
        <div className="designer-tools">
          <span className="bar-line" />
          {/* `disabledFocusable`: a button that has just undone the last step keeps the focus. */}
          <IconButton icon="undo" title={words.undo} disabledFocusable={!draft.canUndo} onClick={() => step('undo')} />
          <IconButton icon="redo" title={words.redo} disabledFocusable={!draft.canRedo} onClick={() => step('redo')} />
          {props.find}
        </div>
      )}
      <span className="space" />
      {!calling && problems.errors + problems.warnings + problems.todo > 0 && (
        <>
          <Button appearance="subtle" className="designer-counts" onClick={props.onProblems}>
            <ProblemCounts {...problems} />
          </Button>
          <span className="bar-line" />
        </>
      )}
      {!calling && (
        <Button
          as="a"
          href={versionsOf(flowId)}
          appearance="subtle"
          className="designer-versions"
          icon={<Icon name="history" />}
        >
          {words.versions}
        </Button>
      )}
      <Button
        className={calling ? 'designer-calling' : ''}
        aria-pressed={calling}
        icon={<Icon name="phone" />}
        onClick={props.onTestCall}
      >
        <span className="call-word">{words.testCall}</span>
      </Button>
      <Button appearance={calling ? 'secondary' : 'primary'} onClick={props.onPublish}>
        {words.publish}
      </Button>
      <MenuButton title={words.more} choices={choicesOf(props)} />
    </header>
  )
}

/** Flows that it enters go with it, with tables of their own. */
const mayHoldRows = (flow: Flow): boolean => spokenOf(flow, 'table').length > 0 || choicesIn(flow).length > 0

const versionsOf = (flowId: string) => `/flows/${flowId}/versions`
const go = (address: string) => () => window.location.assign(address)

/** Where the page is narrow, what stands beside the title elsewhere is in here. */
const choicesOf = ({ flowId, draft, calling, step, ...asked }: Props): MenuChoice[] => [
  ...(calling
    ? []
    : ([
        { icon: 'undo', label: words.undo, act: () => step('undo'), narrow: true },
        { icon: 'redo', label: words.redo, act: () => step('redo'), narrow: true },
        { icon: 'search', label: words.find, act: asked.onFind, narrow: true },
        { icon: 'braces', label: words.settings, act: asked.onSettings, narrow: true },
      ] as const)),
  { icon: 'paste', label: clipboard.paste, act: asked.onPaste },
  { icon: 'history', label: words.versions, act: go(versionsOf(flowId)) },
  {
    icon: 'upload',
    label: words.exported,
    act: mayHoldRows(draft.flow) ? asked.onExport : go(addresses.file(flowId)),
  },
  ...(calling ? [] : [{ icon: 'download', label: words.imported, act: asked.onImport } as const]),
  { icon: 'trash', label: words.remove, act: asked.onRemove },
]

function FlowName({ name, onRename, fixed }: { name: string; onRename(name: string): void; fixed: boolean }) {
  useTitle(name)
  const [text, setText] = useState<string | null>(null)
  function done() {
    const trimmed = text?.trim()
    if (trimmed && trimmed !== name) onRename(trimmed)
    setText(null)
  }
  if (text !== null) {
    return (
      <input
        className="designer-name-field"
        aria-label={words.name}
        maxLength={100}
        // biome-ignore lint/a11y/noAutofocus: renaming was asked for.
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={done}
        onKeyDown={(event) => {
          if (event.key === 'Enter') done()
          if (event.key === 'Escape') setText(null)
        }}
      />
    )
  }
  return (
    <div className="row designer-name">
      <h1 className="cut">{name}</h1>
      {!fixed && <IconButton size="small" icon="pencil" title={words.rename} onClick={() => setText(name)} />}
    </div>
  )
}
