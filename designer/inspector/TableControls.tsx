import { Field, Select } from '@fluentui/react-components'
import * as z from 'zod'
import { type Table, variablesFor } from '#flow/table.ts'
import { ExpressionInput } from './completing.tsx'
import { type ControlProps, texts, useEditing } from './context.ts'
import { Options, RowList, Setting } from './parts.tsx'
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
            <ExpressionInput value={match.value} onChange={(value) => onChange({ ...match, value })} />
          </Field>
        </>
      )}
      {problem !== undefined && <p className="small bad">{problem}</p>}
    </div>
  )
}

const Read = z.array(z.object({ column: z.string(), variable: z.string() }))
const cellWords = { row: texts.cell, remove: texts.removeCell, add: texts.addCell }

/** Cells that are kept, each in a variable of its type. */
export function CellsReadControl(props: ControlProps) {
  const rows = Read.safeParse(props.value).data ?? []
  const table = useTable()
  const typesOf = (column: string) => {
    const type = table?.columns.find(({ id }) => id === column)?.type
    return type === undefined ? [] : variablesFor[type]
  }
  return (
    <RowList {...props} rows={rows} words={cellWords} empty={{ column: '', variable: '' }}>
      {(row, set) => (
        <>
          <ColumnSelect label={texts.cellColumn} value={row.column} onChange={(column) => set({ ...row, column })} />
          <Field label={texts.cellVariable}>
            <VariableSelect
              value={row.variable}
              types={typesOf(row.column)}
              onChoose={(variable, before) => set({ ...row, variable }, { before })}
            />
          </Field>
        </>
      )}
    </RowList>
  )
}

const Written = z.array(z.object({ column: z.string(), value: z.string() }))

/** Cells that are written, and the expressions that they are set to. */
export function CellsWrittenControl(props: ControlProps) {
  const rows = Written.safeParse(props.value).data ?? []
  return (
    <RowList {...props} rows={rows} words={cellWords} empty={{ column: '', value: '' }}>
      {(row, set) => (
        <>
          <ColumnSelect label={texts.cellColumn} value={row.column} onChange={(column) => set({ ...row, column })} />
          <Field label={texts.cellValue} hint={props.hint}>
            <ExpressionInput value={row.value} onChange={(value) => set({ ...row, value })} />
          </Field>
        </>
      )}
    </RowList>
  )
}
