import { Button, Field as Labelled, Textarea } from '@fluentui/react-components'
import { useState } from 'react'
import type { Exit } from '#flow/block.ts'
import { flowMessages } from '#flow/messages/index.ts'
import type { Value } from '#flow/values.ts'
import { exitName } from '../canvas/names.ts'
import { Icon } from '../icons.tsx'
import { BeginsAs } from './BeginsAs.tsx'
import { faultOf, type Together, texts, useEditing } from './context.ts'
import { controlNamed } from './controls.ts'
import { ExitSelect } from './ExitSelect.tsx'
import { type Field, fieldsOf, isShown } from './fields.ts'
import { TitleOf } from './parts.tsx'
import { TryRequest } from './TryRequest.tsx'

/** The settings of one block, read from its schema: what callers hear first, then sections in the order of a call. */
export function BlockSettings({ openMore }: { openMore: boolean }) {
  const { block, drawing, id, onChange } = useEditing()
  const [more, setMore] = useState(false)
  const view = drawing.views.get(id)
  const kind = view?.kind
  const fields = kind ? fieldsOf(kind.settings).filter((field) => isShown(field, block.settings)) : []
  const { main, sections, folded, rest } = arrange(fields, view?.exits ?? [])
  const moreOpen = more || openMore
  return (
    <>
      {id === drawing.flow.start && <BeginsAs />}
      {main.length > 0 && (
        <div className="settings-section">
          <Fields fields={main} />
        </div>
      )}
      {sections.map((section) => (
        <section className="settings-section" key={section.name} aria-label={section.title}>
          <h3>{section.title}</h3>
          <Fields fields={section.fields} />
          {section.exits.map((exit) => (
            <ExitSelect
              key={exit.name}
              exit={exit}
              label={<TitleOf title={texts.thenGoTo} required={!exit.optional} />}
            />
          ))}
        </section>
      ))}
      {rest.length > 0 && (
        <section className="settings-section" aria-label={texts.thenGoTo}>
          <h3>{texts.thenGoTo}</h3>
          {rest.map((exit) => (
            <ExitSelect
              key={exit.name}
              exit={exit}
              label={<TitleOf title={exitName(exit)} required={!exit.optional && exit.name !== 'error'} />}
            />
          ))}
        </section>
      )}
      {block.type === 'httpRequest' && <TryRequest key={id} />}
      <section className="settings-section" aria-label={texts.more}>
        <Button
          appearance="transparent"
          className="settings-more"
          aria-expanded={moreOpen}
          icon={<Icon name={moreOpen ? 'chevronDown' : 'chevronRight'} size={12} />}
          onClick={() => setMore(!moreOpen)}
        >
          {texts.more}
        </Button>
        {moreOpen && (
          <>
            <Fields fields={folded} />
            {kind && !kind.ends && <ExitSelect exit={{ name: 'error', optional: true }} label={texts.ifItFails} />}
            <Labelled label={texts.note} hint={texts.noteHint}>
              <Textarea
                resize="vertical"
                value={block.note ?? ''}
                maxLength={2000}
                onChange={(_, { value }) => onChange([{ type: 'noteBlock', id, note: value }], `note ${id}`)}
              />
            </Labelled>
          </>
        )}
      </section>
    </>
  )
}

function Fields({ fields }: { fields: readonly Field[] }) {
  const editing = useEditing()
  const { block, id, onChange } = editing
  const drawn = fields.map((field) => {
    const { Draw, narrow } = controlNamed(field.control)
    const words = flowMessages.blocks[block.type]?.fields[field.name]
    const change = (value: Value, { renamed, before = [] }: Together = {}) => {
      const settings = { ...block.settings, [field.name]: value }
      const changed = { type: 'changeSettings', id, settings, ...(renamed ? { renamedExits: renamed } : {}) } as const
      onChange([...before, changed], before.length === 0 && !renamed ? `set ${id} ${field.name}` : undefined)
    }
    return (
      <div className={`settings-field ${narrow ? 'narrow' : ''}`} key={field.name} data-field={field.name}>
        <Draw
          field={field}
          title={words?.title ?? field.name}
          hint={words?.hint}
          example={words?.example}
          choices={words?.choices ?? {}}
          value={block.settings[field.name]}
          problem={faultOf(editing, { field: field.name })}
          onChange={change}
        />
      </div>
    )
  })
  return drawn.length === 0 ? null : <div className="settings-fields">{drawn}</div>
}

type Section = { name: string; title: string; fields: Field[]; exits: Exit[] }

/** Which field and which exit stands where. An exit belongs to the section of its name. */
function arrange(fields: readonly Field[], exits: readonly Exit[]) {
  const visible = fields.filter(({ more }) => !more)
  const names = [...new Set(visible.flatMap(({ section }) => section ?? []))]
  const sections = names.map(
    (name): Section => ({
      name,
      title: Object.entries(flowMessages.sections).find(([one]) => one === name)?.[1] ?? name,
      fields: visible.filter(({ section }) => section === name),
      exits: exits.filter((exit) => exit.name === name),
    }),
  )
  const linkedByControl = visible.some(({ control }) => controlNamed(control).linksItsExits)
  const rest = exits.filter(
    (exit) =>
      !names.includes(exit.name) &&
      exit.name !== 'error' &&
      !(linkedByControl && (exit.key !== undefined || exit.label !== undefined || exit.name === 'else')),
  )
  return {
    main: visible.filter(({ section }) => section === null),
    sections,
    folded: fields.filter(({ more }) => more),
    rest,
  }
}

/** True for a field that is folded away, so that it has to be unfolded to be shown. */
export const isFolded = (fields: readonly Field[], name: string): boolean =>
  name === 'exit:error' || fields.some((field) => field.more && field.name === name)
