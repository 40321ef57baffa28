import { Field, Input, Select } from '@fluentui/react-components'
import * as z from 'zod'
import { type Condition, ConditionDraft, comparisons, operators, withoutValue } from '#flow/condition.ts'
import type { Change } from '#flow/edit.ts'
import { flowMessages } from '#flow/messages/index.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { ExpressionInput } from './completing.tsx'
import { type ControlProps, texts, useEditing } from './context.ts'
import { ExitSelect } from './ExitSelect.tsx'
import { Add, Options, RowList, Setting } from './parts.tsx'
import { VariableSelect } from './VariableSelect.tsx'

/** The variable that a block keeps something in. */
export function VariableControl(props: ControlProps) {
  const { field, title, value, onChange } = props
  return (
    <Setting {...props}>
      {/* Fluent gives what it labels its properties by a function, because the select may become a form. */}
      {(labelled) => (
        <div {...labelled}>
          <VariableSelect
            name={title}
            value={typeof value === 'string' ? value : ''}
            types={field.types}
            onChoose={(name, before) => onChange(name, { before })}
          />
        </div>
      )}
    </Setting>
  )
}

/** Something to be worked out. */
export function ExpressionControl(props: ControlProps) {
  const { field, example, value, onChange } = props
  return (
    <Setting {...props}>
      <ExpressionInput
        value={typeof value === 'string' ? value : ''}
        placeholder={example}
        names={field.names}
        onChange={onChange}
      />
    </Setting>
  )
}

const Assignments = z.array(z.object({ variable: z.string(), value: z.string() }))

const assignmentWords = { row: texts.assignment, remove: texts.removeAssignment, add: texts.addAssignment }

/** Variables and the expressions that they are set to. */
export function AssignmentsControl(props: ControlProps) {
  const rows = Assignments.safeParse(props.value).data ?? []
  return (
    <RowList {...props} rows={rows} words={assignmentWords} empty={{ variable: '', value: '' }}>
      {(row, set) => (
        <>
          <Field label={texts.assignmentVariable}>
            <VariableSelect
              value={row.variable}
              types={[]}
              onChoose={(variable, before) => set({ ...row, variable }, { before })}
            />
          </Field>
          <Field label={texts.assignmentValue} hint={props.hint}>
            <ExpressionInput value={row.value} names={props.field.names} onChange={(value) => set({ ...row, value })} />
          </Field>
        </>
      )}
    </RowList>
  )
}

const Conditions = z.array(ConditionDraft)
const expression = 'expression'

/** Conditions in order, each with where it leads; then where all others go. */
export function ConditionsControl({ field, title, value, problem, onChange }: ControlProps) {
  const { drawing, id, block } = useEditing()
  const { flow, views } = drawing
  const rows = Conditions.safeParse(value).data ?? []
  const exits = new Map(views.get(id)?.exits.map((exit) => [exit.name, exit]))
  const replace = (n: number, row: Condition, before: readonly Change[] = []) => onChange(rows.with(n, row), { before })
  const remove = (n: number, { id: exit }: Condition) => {
    const linked = block.exits[exit] !== undefined
    onChange(rows.toSpliced(n, 1), linked ? { before: [{ type: 'disconnect', block: id, exit }] } : {})
  }
  const newRow = (): Condition => ({
    id: crypto.randomUUID().slice(0, 8),
    label: '',
    when: {
      kind: 'compare',
      variable: Object.keys(flow.variables)[0] ?? 'caller.phone',
      operator: 'equals',
      value: '',
    },
  })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group inside a larger form.
    <div className="settings-list" role="group" aria-label={title}>
      {rows.map((row, n) => (
        <div className="settings-item" key={row.id} data-field={`${field.name}.${n}`}>
          <div className="row">
            <span className="strong">{texts.condition(n + 1)}</span>
            <span className="space" />
            {n > 0 && (
              <IconButton
                size="small"
                icon="chevronUp"
                title={texts.moveUp(n + 1)}
                onClick={() => onChange(rows.toSpliced(n, 1).toSpliced(n - 1, 0, row))}
              />
            )}
            <IconButton size="small" icon="close" title={texts.removeCondition(n + 1)} onClick={() => remove(n, row)} />
          </div>
          <Field label={texts.conditionLabel}>
            <Input value={row.label} onChange={(_, data) => replace(n, { ...row, label: data.value })} />
          </Field>
          <When row={row} onChange={(when, before) => replace(n, { ...row, when }, before)} />
          <ExitSelect exit={exits.get(row.id) ?? { name: row.id }} label={texts.thenGoTo} />
        </div>
      ))}
      {problem !== undefined && <p className="small bad">{problem}</p>}
      <Add label={texts.addCondition} onClick={() => onChange([...rows, newRow()])} />
      <ExitSelect exit={{ name: 'else' }} label={texts.otherwise} />
    </div>
  )
}

type WhenProps = { row: Condition; onChange(when: Condition['when'], before?: readonly Change[]): void }

function When({ row: { when }, onChange }: WhenProps) {
  const { flow } = useEditing().drawing
  const people = (['caller', 'called', 'call.transferor'] as const).flatMap((person) =>
    (['phone', 'name', 'id'] as const).map((part) => ({
      value: `${person}.${part}`,
      label: `${texts.people[person]}: ${texts.peopleParts[part]}`,
    })),
  )
  const comparisonsOf = (variable: string, type = flow.variables[variable]?.type ?? 'text') => comparisons[type]
  const subject = when.kind === expression ? expression : when.variable
  function choose(variable: string, before: readonly Change[]) {
    if (variable === expression) return onChange({ kind: expression, expression: '' })
    const declared = before.find((change) => change.type === 'setVariable')?.variable.type
    const fitting = comparisonsOf(variable, declared)
    const old = when.kind === 'compare' ? when : { operator: 'equals' as const, value: '' }
    const operator = fitting.includes(old.operator) ? old.operator : (fitting[0] ?? 'equals')
    onChange({ kind: 'compare', variable, operator, value: old.value }, before)
  }
  return (
    <>
      <Field label={texts.conditionVariable}>
        <VariableSelect
          value={subject}
          types={[]}
          others={[...people, { value: expression, label: texts.asExpression }]}
          onChoose={choose}
        />
      </Field>
      {when.kind === 'compare' ? (
        <>
          <Field label={texts.conditionOperator}>
            <Select
              value={when.operator}
              onChange={(_, { value }) =>
                onChange({ ...when, operator: operators.find((one) => one === value) ?? when.operator })
              }
            >
              <Options
                of={comparisonsOf(when.variable).map((one) => ({ value: one, label: flowMessages.operators[one] }))}
              />
            </Select>
          </Field>
          {!withoutValue.includes(when.operator) && (
            <Field
              label={texts.conditionValue}
              hint={
                when.operator === 'anyOf'
                  ? texts.anyOfHint
                  : when.operator === 'between'
                    ? texts.betweenHint
                    : undefined
              }
            >
              <Input value={when.value} onChange={(_, { value }) => onChange({ ...when, value })} />
            </Field>
          )}
        </>
      ) : (
        <Field label={texts.conditionExpression}>
          <ExpressionInput value={when.expression} onChange={(expression) => onChange({ ...when, expression })} />
        </Field>
      )}
    </>
  )
}
