import { Field, Select } from '@fluentui/react-components'
import * as z from 'zod'
import { type Table, variablesFor } from '#flow/table.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { ExpressionInput } from './completing.tsx'
import { type ControlProps, texts, useEditing } from './context.ts'
import { Add, Options, Setting } from './parts.tsx'
import { VariableSelect } from './VariableSelect.tsx'

const Chosen = z.object({ id: z.string(), name: z.string() })

/** The table that the block speaks of, if it is there. */
function useTable(): Table | undefined {
  const { block, drawing } = useEditing()
  const { id } = Chosen.safeParse(block.settings.table).data ?? { id: '' }
  return drawing.rules?.shared.tables[id]
}

/** Tables that several flows may share. */
export function TableControl({ value, onChange, ...setting }: ControlProps) {
  const { rules } = useEditing().drawing
  const chosen = Chosen.safeParse(value).data ?? { id: '', name: '' }
  const tables = Object.entries(rules?.shared.tables ?? {}).sort(([, a], [, b]) => a.name.localeCompare(b.name))
  const table = rules?.shared.tables[chosen.id]
  return (
    <div className="settings-list" data-field={`${setting.field.name}.id`}>
      <Setting {...setting}>
        <Select
          value={chosen.id}
          onChange={(_, { value: id }) => onChange({ id, name: rules?.shared.tables[id]?.name ?? '' })}
        >
          {table === undefined && <option value={chosen.id}>{chosen.name}</option>}
          <Options of={tables.map(([id, { name }]) => ({ value: id, label: name }))} />
        </Select>
      </Setting>
      <p className="small quiet">
        <a href={table ? `/tables?id=${chosen.id}` : '/tables'}>{table ? texts.editTable : texts.makeTable}</a>
      </p>
    </div>
  )
}

type ColumnProps = { label: string; value: string; onChange(id: string): void; days?: boolean }

function ColumnSelect({ label, value, onChange, days = false }: ColumnProps) {
  const columns = (useTable()?.columns ?? []).filter(({ type }) => !days || type === 'day')
  return (
    <Field label={label}>
      <Select value={value} onChange={(_, data) => onChange(data.value)}>
        {!columns.some(({ id }) => id === value) && <option value={value} />}
        <Options of={columns.map(({ id, name }) => ({ value: id, label: name }))} />
      </Select>
    </Field>
  )
}

const Match = z.union([
  z.object({ kind: z.literal('today'), first: z.string(), last: z.string() }),
  z.object({ kind: z.literal('column'), column: z.string(), value: z.string() }),
])

/** Which row is meant: by a cell, or by the day. */
export function RowMatchControl({ title, hint, value, problem, onChange }: ControlProps) {
  const match = Match.safeParse(value).data ?? { kind: 'column', column: '', value: '' }
  const days = (useTable()?.columns ?? []).filter(({ type }) => type === 'day')
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group inside a larger form.
    <div className="settings-list" role="group" aria-label={title}>
      <Field label={title}>
        <Select
          value={match.kind}
          onChange={(_, data) =>
            onChange(
              data.value === 'today'
                ? { kind: 'today', first: days[0]?.id ?? '', last: days[1]?.id ?? '' }
                : { kind: 'column', column: '', value: '' },
            )
          }
        >
          <option value="column">{texts.rowByCell}</option>
          <option value="today">{texts.rowByDay}</option>
        </Select>
      </Field>
      {match.kind === 'today' ? (
        <>
          <ColumnSelect
            days
            label={texts.rowFirst}
            value={match.first}
            onChange={(first) => onChange({ ...match, first })}
          />
          <ColumnSelect
            days
            label={texts.rowLast}
            value={match.last}
            onChange={(last) => onChange({ ...match, last })}
          />
        </>
      ) : (
        <>
          <ColumnSelect
            label={texts.rowColumn}
            value={match.column}
            onChange={(column) => onChange({ ...match, column })}
          />
          <Field label={texts.rowValue} hint={hint}>
            <ExpressionInput value={match.value} onChange={(expression) => onChange({ ...match, value: expression })} />
          </Field>
        </>
      )}
      {problem !== undefined && <p className="small bad">{problem}</p>}
    </div>
  )
}

const Read = z.array(z.object({ column: z.string(), variable: z.string() }))

/** Cells that are kept, each in a variable of its type. */
export function CellsReadControl({ field, title, value, problem, onChange }: ControlProps) {
  const rows = Read.safeParse(value).data ?? []
  const table = useTable()
  const typesOf = (column: string) => {
    const type = table?.columns.find(({ id }) => id === column)?.type
    return type === undefined ? [] : variablesFor[type]
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group inside a larger form.
    <div className="settings-list" role="group" aria-label={title}>
      {rows.map((row, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell has no name but its place.
        <div className="settings-item" key={n} data-field={`${field.name}.${n}`}>
          <Head n={n} onRemove={() => onChange(rows.toSpliced(n, 1))} />
          <ColumnSelect
            label={texts.cellColumn}
            value={row.column}
            onChange={(column) => onChange(rows.with(n, { ...row, column }))}
          />
          <Field label={texts.cellVariable}>
            <VariableSelect
              value={row.variable}
              types={typesOf(row.column)}
              onChoose={(variable, before) => onChange(rows.with(n, { ...row, variable }), { before })}
            />
          </Field>
        </div>
      ))}
      {problem !== undefined && <p className="small bad">{problem}</p>}
      <Add label={texts.addCell} onClick={() => onChange([...rows, { column: '', variable: '' }])} />
    </div>
  )
}

const Written = z.array(z.object({ column: z.string(), value: z.string() }))

/** Cells that are written, and the expressions that they are set to. */
export function CellsWrittenControl({ field, title, hint, value, problem, onChange }: ControlProps) {
  const rows = Written.safeParse(value).data ?? []
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group inside a larger form.
    <div className="settings-list" role="group" aria-label={title}>
      {rows.map((row, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell has no name but its place.
        <div className="settings-item" key={n} data-field={`${field.name}.${n}`}>
          <Head n={n} onRemove={() => onChange(rows.toSpliced(n, 1))} />
          <ColumnSelect
            label={texts.cellColumn}
            value={row.column}
            onChange={(column) => onChange(rows.with(n, { ...row, column }))}
          />
          <Field label={texts.cellValue} hint={hint}>
            <ExpressionInput
              value={row.value}
              onChange={(expression) => onChange(rows.with(n, { ...row, value: expression }))}
            />
          </Field>
        </div>
      ))}
      {problem !== undefined && <p className="small bad">{problem}</p>}
      <Add label={texts.addCell} onClick={() => onChange([...rows, { column: '', value: '' }])} />
    </div>
  )
}

const Head = ({ n, onRemove }: { n: number; onRemove(): void }) => (
  <div className="row">
    <span className="strong">{texts.cell(n + 1)}</span>
    <span className="space" />
    <IconButton size="small" icon="close" title={texts.removeCell(n + 1)} onClick={onRemove} />
  </div>
)
