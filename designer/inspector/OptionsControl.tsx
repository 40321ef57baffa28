import { Button, Input, Select } from '@fluentui/react-components'
import * as z from 'zod'
import { phoneKeys } from '#flow/keypad.ts'
import { Icon } from '../icons.tsx'
import { IconButton } from '../shell/IconButton.tsx'
import { type ControlProps, texts, useEditing } from './context.ts'
import { ExitSelect } from './ExitSelect.tsx'

const Options = z.array(z.object({ key: z.string(), label: z.string() }))

/** The keys of a menu: what each means, and where it leads. */
export function OptionsControl({ value, problem, onChange }: ControlProps) {
  const { drawing, id } = useEditing()
  const options = Options.safeParse(value).data ?? []
  const used = new Set(options.map(({ key }) => key))
  const free = phoneKeys.filter((key) => !used.has(key))
  const exits = new Map(drawing.views.get(id)?.exits.map((exit) => [exit.name, exit]))

  function changeKey(n: number, key: string) {
    const before = options[n]?.key
    const changed = options.map((option, m) => (m === n ? { ...option, key } : option))
    onChange(changed, before === undefined ? {} : { renamed: { [before]: key } })
  }

  function removeKey(n: number, key: string) {
    const rest = options.filter((_, m) => m !== n)
    const gone = rest.every((option) => option.key !== key)
    onChange(rest, gone ? { before: [{ type: 'disconnect', block: id, exit: key }] } : {})
  }

  return (
    <div className="settings-list">
      <div className="settings-keys">
        <span className="small quiet">{texts.keyHead}</span>
        <span className="small quiet">{texts.meaningHead}</span>
        <span className="small quiet">{texts.goesToHead}</span>
        <span />
        {options.map((option, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the row stays the same row while its key is changed.
          <div className="settings-keys-row" key={n}>
            <Select
              value={option.key}
              aria-label={texts.keyNumber(n + 1)}
              onChange={(_, data) => changeKey(n, data.value)}
            >
              {phoneKeys
                .filter((key) => key === option.key || !used.has(key))
                .map((key) => (
                  <option key={key}>{key}</option>
                ))}
            </Select>
            <Input
              value={option.label}
              aria-label={texts.meaningOf(option.key)}
              onChange={(_, data) => onChange(options.map((one, m) => (m === n ? { ...one, label: data.value } : one)))}
            />
            <ExitSelect exit={exits.get(option.key) ?? { name: option.key }} name={texts.keyGoesTo(option.key)} />
            <IconButton
              size="small"
              icon="close"
              title={texts.removeKey(option.key)}
              onClick={() => removeKey(n, option.key)}
            />
          </div>
        ))}
      </div>
      {problem !== undefined && <p className="small bad">{problem}</p>}
      {free[0] !== undefined && (
        <Button
          appearance="subtle"
          className="settings-add"
          icon={<Icon name="plus" size={16} />}
          onClick={() => onChange([...options, { key: free[0] ?? '', label: '' }])}
        >
          {texts.addKey}
        </Button>
      )}
    </div>
  )
}
