import { Input, Select } from '@fluentui/react-components'
import { useState } from 'react'
import * as z from 'zod'
import { phoneKeys } from '#flow/keypad.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { type ControlProps, texts, useEditing } from './context.ts'
import { ExitSelect } from './ExitSelect.tsx'
import { Add } from './parts.tsx'

const Row = z.object({ key: z.string(), label: z.string() })

/** The keys of a menu: what each means, and where it leads. */
export function OptionsControl({ field, value, problem, onChange }: ControlProps) {
  const { drawing, id } = useEditing()
  const options = z.array(Row).safeParse(value).data ?? []
  const used = new Set(options.map(({ key }) => key))
  const free = phoneKeys.filter((key) => !used.has(key))
  const exits = new Map(drawing.views.get(id)?.exits.map((exit) => [exit.name, exit]))

  function changeKey(n: number, before: z.infer<typeof Row>, key: string) {
    onChange(options.with(n, { ...before, key }), { renamed: { [before.key]: key } })
  }

  function removeKey(n: number, key: string) {
    const rest = options.toSpliced(n, 1)
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
          <div className="settings-keys-row" key={n} data-field={`${field.name}.${n}`}>
            <KeysOf
              keys={option.key}
              used={used}
              name={texts.keyNumber(n + 1)}
              onChange={(key) => changeKey(n, option, key)}
            />
            <Input
              value={option.label}
              aria-label={texts.meaningOf(option.key)}
              onChange={(_, data) => onChange(options.with(n, { ...option, label: data.value }))}
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
        <Add label={texts.addKey} onClick={() => onChange([...options, { key: free[0] ?? '', label: '' }])} />
      )}
    </div>
  )
}

type KeysProps = { keys: string; used: ReadonlySet<string>; name: string; onChange(keys: string): void }

/** One of the keys that are free, or several to be pressed one after the other. */
function KeysOf({ keys, used, name, onChange }: KeysProps) {
  const [typed, setTyped] = useState<string | null>(keys.length > 1 ? keys : null)
  if (typed === null) {
    return (
      <Select
        value={keys}
        aria-label={name}
        onChange={(_, { value }) => (value === several ? setTyped(keys) : onChange(value))}
      >
        {phoneKeys
          .filter((key) => key === keys || !used.has(key))
          .map((key) => (
            <option key={key}>{key}</option>
          ))}
        <option value={several}>{texts.severalKeys}</option>
      </Select>
    )
  }
  const isFree = /^[0-9*#]{1,4}$/.test(typed) && (typed === keys || !used.has(typed))
  return (
    <Input
      autoFocus={keys.length === 1}
      aria-label={name}
      aria-invalid={!isFree || undefined}
      title={texts.severalKeysHint}
      maxLength={4}
      value={typed}
      onChange={(_, { value }) => setTyped(value)}
      onBlur={() => {
        if (isFree && typed !== keys) onChange(typed)
        setTyped(isFree && typed.length > 1 ? typed : keys.length > 1 ? keys : null)
      }}
    />
  )
}

const several = 'several'
