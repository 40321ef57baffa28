import { Button } from '@fluentui/react-components'
import { useEffect, useRef } from 'react'
import { blockName, exitName, kindName } from '../canvas/names.ts'
import type { Drawing } from '../drawing.ts'
import { Icon, iconNamed } from '../icons.tsx'
import { BlockSettings } from '../inspector/BlockSettings.tsx'
import { EditingContext } from '../inspector/context.ts'
import { versionsMessages as words } from '../messages/versions.ts'
import type { OpenedVersion } from '../wire.ts'
import '../inspector/inspector.css'

type Props = { opened: OpenedVersion; drawing: Drawing; selected: string | null; onSelect(block: string | null): void }

/** Beside the canvas: the blocks in the order of a call with where each leads, or the settings of the one that is selected. */
export function VersionOutline({ opened, drawing, selected, onSelect }: Props) {
  const { note } = opened.version
  if (selected !== null && drawing.flow.blocks[selected]) {
    return <Fixed drawing={drawing} id={selected} onBack={() => onSelect(null)} />
  }
  return (
    <>
      <div className="version-facts column">
        <p className={note === '' ? 'quiet' : ''}>{note === '' ? words.noNote : note}</p>
      </div>
      <h2 className="version-outline-title">{words.outline}</h2>
      <ol>
        {drawing.order.map((id) => (
          <li key={id}>
            <OutlineRow drawing={drawing} id={id} onSelect={onSelect} />
          </li>
        ))}
      </ol>
    </>
  )
}

function OutlineRow({ drawing, id, onSelect }: { drawing: Drawing; id: string; onSelect(block: string): void }) {
  const block = drawing.flow.blocks[id]
  const view = drawing.views.get(id)
  if (!block) return null
  return (
    <button type="button" className="bare version-row" onClick={() => onSelect(id)}>
      <span className={`chip category-${view?.kind?.category ?? 'ends'}`}>
        <Icon name={iconNamed(view?.kind?.icon ?? 'info')} />
      </span>
      <span className="column version-row-words">
        <span className="small quiet">{kindName(view?.kind)}</span>
        <span className="strong">{blockName(block)}</span>
        {view?.summary && <span className="small cut">{view.summary}</span>}
        {(view?.exits ?? []).flatMap((exit) => {
          const to = drawing.flow.blocks[block.exits[exit.name] ?? '']
          if (!to) return []
          return <span key={exit.name} className="small quiet cut">{`${exitName(exit)} → ${blockName(to)}`}</span>
        })}
      </span>
    </button>
  )
}

const nothing = () => {}

/** The very settings of the designer, which take nothing: a disabled fieldset turns off all that stands in it. */
function Fixed({ drawing, id, onBack }: { drawing: Drawing; id: string; onBack(): void }) {
  const block = drawing.flow.blocks[id]
  const head = useRef<HTMLButtonElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another block is another page of settings
  useEffect(() => head.current?.focus(), [id])
  if (!block) return null
  return (
    <EditingContext value={{ drawing, problems: [], id, block, onChange: nothing, reloadNames: nothing }}>
      <section className="settings column" aria-label={words.settingsOf(blockName(block))}>
        <div className="settings-head row">
          <Button ref={head} appearance="subtle" icon={<Icon name="back" />} onClick={onBack}>
            {words.closeSettings}
          </Button>
        </div>
        <div className="settings-body" key={id}>
          <div className="settings-section">
            <p className="small quiet">{kindName(drawing.views.get(id)?.kind)}</p>
            <h2>{blockName(block)}</h2>
          </div>
          <fieldset disabled className="version-fixed">
            <BlockSettings openMore />
          </fieldset>
        </div>
      </section>
    </EditingContext>
  )
}
