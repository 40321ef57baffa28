import './inspector.css'
import { Button, Input } from '@fluentui/react-components'
import { type ReactNode, useEffect, useRef } from 'react'
import { flowMessages } from '#flow/messages/index.ts'
import { blockName, kindName } from '../canvas/names.ts'
import { Icon, iconNamed } from '../icons.tsx'
import { MenuButton, type MenuChoice } from '../MenuButton.tsx'
import { designerMessages } from '../messages/designer.ts'
import type { Finding } from '../problems/finding.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { BlockSettings, isFolded } from './BlockSettings.tsx'
import { type Editing, EditingContext, texts } from './context.ts'
import { fieldsOf } from './fields.ts'
import { ThingsToDo } from './ThingsToDo.tsx'

/** A field that the keyboard's focus shall go to; a new object asks again. */
export type WantedField = { field: string | null }

/** What else can be done with what is selected. */
export type BlockActions = { copy(): void; cut(): void; duplicate(): void }

type Props = {
  /** What is edited: one block, several, or the flow itself. */
  of: { type: 'block'; editing: Editing } | { type: 'several'; count: number } | { type: 'flow'; settings: ReactNode }
  wanted: WantedField | null
  clipboard: BlockActions
  onShow(finding: Finding): void
  onRemove(heal: boolean): void
  onClose(): void
}

/** The settings of what is selected. Escape closes them. */
export function Inspector({ of, wanted, clipboard, onShow, onRemove, onClose }: Props) {
  const panel = useRef<HTMLElement>(null)
  const id = of.type === 'block' ? of.editing.id : null

  useEffect(() => {
    if (!wanted) return
    const field = nearestField(wanted.field ?? '', panel.current)
    const control = field?.querySelector<HTMLElement>('textarea, input, select, button')
    control?.scrollIntoView({ block: 'nearest' })
    control?.focus()
  }, [wanted])

  return (
    <aside
      ref={panel}
      className="settings column"
      aria-label={of.type === 'block' ? texts.settingsOf(blockName(of.editing.block)) : texts.title}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && of.type !== 'flow') {
          event.stopPropagation()
          onClose()
        }
      }}
    >
      {of.type === 'flow' && (
        <>
          <div className="settings-head row">
            <h2>{designerMessages.flow.title}</h2>
            <IconButton className="narrow-only" icon="close" title={texts.close} onClick={onClose} />
          </div>
          <div className="settings-body">{of.settings}</div>
        </>
      )}
      {of.type === 'several' && (
        <>
          <div className="settings-head row">
            <h2>{texts.several(of.count)}</h2>
            <IconButton icon="close" title={texts.close} onClick={onClose} />
          </div>
          <div className="settings-body settings-section">
            <p>{texts.severalHint}</p>
            {actionsOf(clipboard).map(({ icon, label, act }) => (
              <Button key={label} className="settings-start" icon={<Icon name={icon} />} onClick={act}>
                {label}
              </Button>
            ))}
            <Button className="settings-start" icon={<Icon name="trash" />} onClick={() => onRemove(false)}>
              {texts.removeAll}
            </Button>
          </div>
        </>
      )}
      {of.type === 'block' && (
        <EditingContext value={of.editing}>
          <BlockHead editing={of.editing} clipboard={clipboard} onRemove={onRemove} onClose={onClose} />
          <div className="settings-body" key={id}>
            {!of.editing.drawing.views.get(of.editing.id)?.kind && (
              <p className="settings-section">{flowMessages.unknownBlock.describe}</p>
            )}
            <ThingsToDo onShow={onShow} />
            <BlockSettings openMore={wantsFolded(of.editing, wanted)} />
          </div>
        </EditingContext>
      )}
    </aside>
  )
}

/** The place of a field, or of the list or setting that it is a part of: `options.0.key`, `options.0`, `options`. */
function nearestField(path: string, panel: HTMLElement | null): Element | null | undefined {
  const parts = path.split('.')
  const paths = parts.map((_, n) => parts.slice(0, parts.length - n).join('.'))
  const found = paths.map((one) => panel?.querySelector(`[data-field="${CSS.escape(one)}"]`)).find(Boolean)
  return found ?? panel?.querySelector('.settings-body')
}

function wantsFolded({ drawing, id }: Editing, wanted: WantedField | null): boolean {
  const kind = drawing.views.get(id)?.kind
  return (
    kind !== undefined && wanted?.field != null && isFolded(fieldsOf(kind.settings), wanted.field.split('.')[0] ?? '')
  )
}

type HeadProps = { editing: Editing } & Pick<Props, 'clipboard' | 'onRemove' | 'onClose'>

const actionsOf = ({ copy, cut, duplicate }: BlockActions): MenuChoice[] => [
  { icon: 'copy', label: clipboardTexts.copy, act: copy },
  { icon: 'cut', label: clipboardTexts.cut, act: cut },
  { icon: 'duplicate', label: clipboardTexts.duplicate, act: duplicate },
]
const clipboardTexts = designerMessages.clipboard

function BlockHead({ editing: { drawing, id, block, onChange }, clipboard, onRemove, onClose }: HeadProps) {
  const kind = drawing.views.get(id)?.kind
  const isStart = id === drawing.flow.start
  const canHeal = new Set(Object.values(block.exits)).size === 1
  return (
    <div className="settings-head row">
      <span className={`chip category-${kind?.category ?? 'ends'}`}>
        <Icon name={iconNamed(kind?.icon ?? 'info')} />
      </span>
      <div className="settings-names">
        <p className="small quiet cut">{kindName(kind)}</p>
        <Input
          className="settings-name"
          appearance="underline"
          aria-label={texts.name}
          value={block.name}
          maxLength={100}
          placeholder={kindName(kind)}
          onChange={(_, { value }) => onChange([{ type: 'renameBlock', id, name: value }], `name ${id}`)}
        />
      </div>
      {!isStart && (
        <MenuButton
          title={texts.actions}
          choices={[
            ...actionsOf(clipboard),
            { icon: 'trash', label: texts.remove, act: () => onRemove(false) },
            ...(canHeal ? [{ icon: 'right', label: texts.removeAndHeal, act: () => onRemove(true) } as const] : []),
          ]}
        />
      )}
      <IconButton icon="close" title={texts.close} onClick={onClose} />
    </div>
  )
}
