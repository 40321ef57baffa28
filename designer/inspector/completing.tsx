import { Input } from '@fluentui/react-components'
import { type KeyboardEvent, type RefObject, type SyntheticEvent, useEffect, useId, useRef, useState } from 'react'
import { type Completion, complete, completionsAt } from '#flow/completion.ts'
import { flowMessages } from '#flow/messages/index.ts'
import { payloadOf } from '#flow/payload.ts'
import { texts, useEditing } from './context.ts'
import { useExample } from './values.tsx'

type Field = HTMLInputElement | HTMLTextAreaElement
type Props = {
  value: string
  inText?: boolean
  /** What may be spoken of here besides variables. */
  names?: readonly string[]
  onChange(value: string): void
}

/**
 * Lets the names of values be completed in a field: they are offered as soon as one is begun, or by Control and Space. Arrows choose, Enter
 * or Tab takes, Escape closes. The field stays what it is, and tells of the list as a text box may: a line of a prompt is no combobox.
 */
export function useCompleting({ value, inText = false, names = [], onChange }: Props) {
  const { drawing, id } = useEditing()
  const list = useId()
  const field = useRef<Field>(null)
  /** Where the cursor stands while something is offered; null otherwise. */
  const [at, setAt] = useState<number | null>(null)
  const [active, setActive] = useState(0)
  const setCursor = useCursor(field)
  const more = [...names, ...(inText ? (drawing.views.get(id)?.opened?.promptNames ?? []) : [])]
  const { variables } = drawing.flow
  const payload = payloadOf(drawing.flow).map(({ name }) => name)
  const found = at === null ? null : completionsAt(value, at, { variables, more, payload, inText })
  const options = found?.options ?? []
  const chosen = options[active]

  useEffect(() => {
    if (chosen) document.getElementById(`${list}-${chosen.text}`)?.scrollIntoView({ block: 'nearest' })
  }, [list, chosen])

  function offer(place: number | null) {
    setAt(place)
    setActive(0)
  }
  function take(option: Completion) {
    if (!found || at === null) return
    const after = complete(value, at, found.from, option)
    onChange(after.source)
    setCursor(after.cursor)
    offer(null)
    field.current?.focus()
  }
  function press(event: KeyboardEvent<Field>) {
    if (event.key === ' ' && event.ctrlKey) offer(event.currentTarget.selectionStart)
    else if (!chosen) return
    else if (event.key === 'ArrowDown') setActive((active + 1) % options.length)
    else if (event.key === 'ArrowUp') setActive((active + options.length - 1) % options.length)
    else if (event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)) take(chosen)
    else if (event.key === 'Escape') offer(null)
    else return
    event.preventDefault()
    // The inspector would close by the same key.
    event.stopPropagation()
  }

  return {
    fieldProps: {
      ref: (element: Field | null) => {
        field.current = element
      },
      autoComplete: 'off',
      'aria-autocomplete': 'list' as const,
      'aria-haspopup': 'listbox' as const,
      ...(chosen && { 'aria-controls': list, 'aria-activedescendant': `${list}-${chosen.text}` }),
      onKeyDown: press,
      onBlur: () => offer(null),
      // Whoever walks on by arrows or points elsewhere does not mean this name any more.
      onSelect: ({ currentTarget }: SyntheticEvent<Field>) => {
        if (at !== null && currentTarget.selectionStart !== at) offer(null)
      },
    },
    /** To be told of what was typed, after the value has changed. */
    typed: ({ selectionStart, value: now }: Field) => {
      const begun = /[\w.]$/.test(now.slice(0, selectionStart ?? now.length))
      offer(begun ? selectionStart : null)
    },
    list: chosen && <Offered {...{ list, options, chosen, onTake: take }} />,
  }
}

/** Puts the cursor somewhere in a field once it was drawn with its new value. */
function useCursor(field: RefObject<Field | null>) {
  const [cursor, setCursor] = useState<number | null>(null)
  useEffect(() => {
    if (cursor === null) return
    field.current?.setSelectionRange(cursor, cursor)
    setCursor(null)
  }, [field, cursor])
  return setCursor
}

type OfferedProps = {
  list: string
  options: readonly Completion[]
  chosen: Completion
  onTake(option: Completion): void
}

const Offered = ({ list, options, chosen, onTake }: OfferedProps) => (
  <div className="completing">
    <div role="listbox" id={list} aria-label={texts.completions} className="completing-list">
      {options.map((option) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys of the whole list.
        <div
          role="option"
          key={option.text}
          id={`${list}-${option.text}`}
          className="completing-option row"
          tabIndex={-1}
          aria-selected={option === chosen}
          // The field keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onTake(option)}
        >
          <span className="completing-name">{option.text}</span>
          <span className="quiet small">{hintOf(option)}</span>
        </div>
      ))}
    </div>
    <p className="unseen" role="status">
      {texts.completionsFound(options.length)}
    </p>
  </div>
)

function hintOf(option: Completion): string {
  if (option.kind === 'variable') return flowMessages.valueTypes[option.type]
  if (option.kind === 'function') return texts.functions[option.name]
  return texts.names[option.text] ?? ''
}

type ExpressionInputProps = Props & { placeholder?: string | undefined }

/** Something to be worked out, or with `inText` a text with such in it; below it what comes of it with values for example. */
export function ExpressionInput({
  value,
  inText = false,
  names = [],
  placeholder,
  onChange,
  ...labelled
}: ExpressionInputProps) {
  const { fieldProps, typed, list } = useCompleting({ value, inText, names, onChange })
  const example = useExample(inText || value === '' ? value : `\${${value}}`, names)
  return (
    <div className="completing-field">
      <Input
        {...labelled}
        {...fieldProps}
        className="settings-expression"
        value={value}
        placeholder={placeholder}
        onChange={({ target }, data) => {
          onChange(data.value)
          typed(target)
        }}
      />
      {list}
      {example !== null && <p className="small quiet">{texts.comesTo(example)}</p>}
    </div>
  )
}
