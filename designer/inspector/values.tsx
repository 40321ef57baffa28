import { Select } from '@fluentui/react-components'
import { hasValues } from '#flow/text.ts'
import { texts, useEditing } from './context.ts'
import { type Option, Options } from './parts.tsx'

/** A text with values as callers may hear it; null for one without, for one that comes to nothing, and while expressions are not read yet. */
export function useExample(text: string, more: readonly string[] = []): string | null {
  const { drawing, id } = useEditing()
  const { rules, flow, views } = drawing
  if (!rules || !hasValues(text)) return null
  const names = [...(views.get(id)?.opened?.promptNames ?? []), ...more]
  const example = rules.exampleOf(flow, text, names)
  return example === '' || example === '…' ? null : example
}

const people = ['caller.name', 'caller.phone', 'called.name']

/** The values that a prompt may say, to be chosen by people who know no `${…}`. */
export function ValueMenu({ field, onChoose }: { field: string; onChoose(value: string): void }) {
  const { drawing, id } = useEditing()
  const { flow, views } = drawing
  const names = [...(views.get(id)?.opened?.promptNames ?? []), ...Object.keys(flow.variables).sort(), ...people]
  const options: Option[] = names.map((name) => ({ value: `\${${name}}`, label: labelOf(name) }))
  return (
    <Select
      className="settings-values"
      size="small"
      value=""
      aria-label={texts.insertValueIn(field)}
      onChange={(_, { value }) => onChoose(value)}
    >
      <option value="">{texts.insertValue}</option>
      <Options of={options} />
    </Select>
  )
}

function labelOf(name: string): string {
  const [, who, part] = /^(caller|called)\.(name|phone)$/.exec(name) ?? []
  if (who !== 'caller' && who !== 'called') return name
  return `${texts.people[who]}: ${texts.peopleParts[part === 'phone' ? 'phone' : 'name']}`
}
