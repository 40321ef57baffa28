import { Checkbox, Field, Input } from '@fluentui/react-components'
import * as z from 'zod'
import { flowMessages } from '#flow/messages/index.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { type ControlProps, texts } from './context.ts'
import { useFaces } from './FlowControls.tsx'
import { Add, TitleOf } from './parts.tsx'
import { VariableSelect } from './VariableSelect.tsx'

const Given = z.array(z.object({ name: z.string(), value: z.string() }))

/** What a sub-flow is given: an expression for each of its parameters. Those that it does not take any more are shown until they are removed. */
export function ParametersGivenControl({ field, title, hint, value, problem, onChange }: ControlProps) {
  const rows = Given.safeParse(value).data ?? []
  const parameters = useFaces().face?.parameters ?? []
  const old = rows.flatMap(({ name }) =>
    parameters.some((one) => one.name === name) ? [] : { name, type: null, required: false },
  )
  const give = (name: string, value: string) => {
    const others = rows.filter((row) => row.name !== name)
    onChange(value === '' ? others : [...others, { name, value }])
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group inside a larger form.
    <div className="settings-list" role="group" aria-label={title}>
      <h4 className="small strong">{title}</h4>
      {parameters.length + old.length === 0 && <p className="small quiet">{texts.nothingGiven}</p>}
      {[...parameters, ...old].map(({ name, type, required }) => (
        <div key={name} data-field={`${field.name}.${rows.findIndex((row) => row.name === name)}`}>
          <Field
            label={
              <TitleOf
                title={type === null ? name : `${name} (${flowMessages.valueTypes[type]})`}
                required={required}
              />
            }
            hint={hint}
          >
            <Input
              className="settings-expression"
              value={rows.find((row) => row.name === name)?.value ?? ''}
              onChange={(_, data) => give(name, data.value)}
            />
          </Field>
        </div>
      ))}
      {problem !== undefined && <p className="small bad">{problem}</p>}
    </div>
  )
}

const Kept = z.array(z.object({ name: z.string(), variable: z.string() }))

/** What a sub-flow gives back: each value in a variable of its type, or not kept. */
export function ResultsKeptControl({ field, title, hint, value, problem, onChange }: ControlProps) {
  const rows = Kept.safeParse(value).data ?? []
  const gives = useFaces().face?.gives ?? []
  const old = rows.flatMap(({ name }) => (gives.some((one) => one.name === name) ? [] : { name, type: null }))
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group inside a larger form.
    <div className="settings-list" role="group" aria-label={title}>
      <h4 className="small strong">{title}</h4>
      {gives.length + old.length === 0 && <p className="small quiet">{texts.nothingBack}</p>}
      {[...gives, ...old].map(({ name, type }) => {
        const others = rows.filter((row) => row.name !== name)
        return (
          <div key={name} data-field={`${field.name}.${rows.findIndex((row) => row.name === name)}`}>
            <Field label={name} hint={hint}>
              <VariableSelect
                value={rows.find((row) => row.name === name)?.variable ?? ''}
                types={type === null ? [] : [type]}
                others={[{ value: '', label: texts.notKept }]}
                onChoose={(variable, before) =>
                  onChange(variable === '' ? others : [...others, { name, variable }], { before })
                }
              />
            </Field>
          </div>
        )
      })}
      {problem !== undefined && <p className="small bad">{problem}</p>}
    </div>
  )
}

const Taken = z.array(z.object({ variable: z.string(), required: z.boolean() }))

/** What a sub-flow takes: variables of its own that the calling flow sets. */
export function ParametersControl({ field, title, hint, value, problem, onChange }: ControlProps) {
  const rows = Taken.safeParse(value).data ?? []
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group inside a larger form.
    <div className="settings-list" role="group" aria-label={title}>
      <h4 className="small strong">{title}</h4>
      <p className="small quiet">{hint}</p>
      {rows.map((row, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a parameter may have no name yet.
        <div className="settings-item" key={n} data-field={`${field.name}.${n}`}>
          <VariableRow
            value={row.variable}
            n={n}
            onChoose={(variable, before) => onChange(rows.with(n, { ...row, variable }), { before })}
            onRemove={() => onChange(rows.toSpliced(n, 1))}
          />
          <Checkbox
            label={texts.mustBeGiven}
            checked={row.required}
            onChange={(_, { checked }) => onChange(rows.with(n, { ...row, required: checked === true }))}
          />
        </div>
      ))}
      {problem !== undefined && <p className="small bad">{problem}</p>}
      <Add label={texts.addParameter} onClick={() => onChange([...rows, { variable: '', required: true }])} />
    </div>
  )
}

const Names = z.array(z.string())

/** Variables, one under the other. */
export function VariablesControl({ field, title, hint, value, problem, onChange }: ControlProps) {
  const names = Names.safeParse(value).data ?? []
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group inside a larger form.
    <div className="settings-list" role="group" aria-label={title}>
      <h4 className="small strong">{title}</h4>
      <p className="small quiet">{hint}</p>
      {names.map((name, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a value may have no name yet.
        <div className="settings-item" key={n} data-field={`${field.name}.${n}`}>
          <VariableRow
            value={name}
            n={n}
            onChoose={(chosen, before) => onChange(names.with(n, chosen), { before })}
            onRemove={() => onChange(names.toSpliced(n, 1))}
          />
        </div>
      ))}
      {problem !== undefined && <p className="small bad">{problem}</p>}
      <Add label={texts.addGiven} onClick={() => onChange([...names, ''])} />
    </div>
  )
}

type RowProps = Pick<Parameters<typeof VariableSelect>[0], 'value' | 'onChoose'> & { n: number; onRemove(): void }

const VariableRow = ({ value, n, onChoose, onRemove }: RowProps) => (
  <>
    <div className="row">
      <span className="strong">{texts.value(n + 1)}</span>
      <span className="space" />
      <IconButton size="small" icon="close" title={texts.removeValue(n + 1)} onClick={onRemove} />
    </div>
    <VariableSelect value={value} types={[]} name={texts.value(n + 1)} onChoose={onChoose} />
  </>
)
