import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import type { Category } from '#flow/block.ts'
import { Icon, iconNamed } from '../icons.tsx'
import { designerMessages } from '../messages/designer.ts'
import { useLeave } from '../shell/useLeave.ts'
import type { Point } from './geometry.ts'
import type { Size } from './viewport.ts'

const { list: words } = designerMessages
const size = { width: 264, height: 320 }

export type Choice = {
  id: string
  label: string
  hint?: string
  /** How well what was typed names it, from 3 down to 0; without it label and hint are looked into. */
  rank?(text: string): number
  icon: string
  category: Category | null
}
export type ChoiceGroup = { label: string; choices: readonly Choice[] }

type Props = {
  title: string
  groups: readonly ChoiceGroup[]
  /** The choice that holds now. */
  current?: string | undefined
  /** Where the list opens, and the space that it must stay in. */
  at: Point
  room: Size
  onRemove?: (() => void) | undefined
  onPick(id: string): void
  /** `returnFocus` is false when the person has gone elsewhere by themselves. */
  onClose(returnFocus: boolean): void
}

/** One list for all that a port can lead to: typing filters it, arrows and Enter choose. */
export function LinkList({ title, groups, current, at, room, onRemove, onPick, onClose }: Props) {
  const id = useId()
  const [text, setText] = useState('')
  /** Null: the best of what was found. */
  const [active, setActive] = useState<number | null>(null)
  const { shown, flat, best } = found(groups, text.trim().toLowerCase())
  const position = Math.min(active ?? best, flat.length - 1)
  const chosen = flat[position]
  const box = useRef<HTMLDivElement>(null)
  // The focus stays where it was put.
  useLeave(box, () => onClose(false))

  useEffect(() => {
    if (chosen) document.getElementById(`${id}-${chosen.id}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, chosen])

  function press(event: KeyboardEvent) {
    event.stopPropagation()
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const picked = event.key === 'Enter' && event.target instanceof HTMLInputElement ? chosen : undefined
    if (step === undefined && event.key !== 'Escape' && !picked) return
    event.preventDefault()
    if (step !== undefined) setActive((position + step + flat.length) % Math.max(1, flat.length))
    else if (picked) onPick(picked.id)
    else onClose(true)
  }

  return (
    <div
      ref={box}
      className="link-list column"
      role="dialog"
      aria-label={title}
      style={placeIn(room, at)}
      onKeyDown={press}
    >
      <p className="link-list-title strong cut">{title}</p>
      <input
        className="link-list-find"
        role="combobox"
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen && `${id}-${chosen.id}`}
        aria-label={words.find}
        placeholder={words.find}
        // biome-ignore lint/a11y/noAutofocus: the list was asked for, and typing filters it.
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          setActive(null)
        }}
      />
      <Choices
        {...{ id, title, shown, chosen, current, onPick }}
        onPoint={(choice) => setActive(flat.indexOf(choice))}
      />
      <p className={flat.length === 0 ? 'link-list-none quiet' : 'unseen'} role="status">
        {flat.length === 0 ? words.none(text) : words.count(flat.length)}
      </p>
      {onRemove && (
        <button type="button" className="bare link-list-remove" onClick={onRemove}>
          <Icon name="close" size={16} />
          {words.remove}
        </button>
      )}
    </div>
  )
}

type ChoicesProps = Pick<Props, 'title' | 'current' | 'onPick'> & {
  id: string
  shown: readonly ChoiceGroup[]
  chosen: Choice | undefined
  onPoint(choice: Choice): void
}

const Choices = ({ id, title, shown, chosen, current, onPick, onPoint }: ChoicesProps) => (
  <div className="link-list-choices" role="listbox" id={`${id}-list`} aria-label={title}>
    {shown.map(({ label, choices }) => (
      // biome-ignore lint/a11y/useSemanticElements: a group of options inside a listbox.
      <div role="group" aria-label={label} key={label}>
        <p className="link-list-group small strong quiet" aria-hidden="true">
          {label}
        </p>
        {choices.map((choice) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above hears the keys of the whole list.
          <div
            role="option"
            key={choice.id}
            id={`${id}-${choice.id}`}
            className={`link-list-choice ${choice === chosen ? 'active' : ''}`}
            tabIndex={-1}
            aria-selected={choice.id === current}
            onPointerMove={() => onPoint(choice)}
            onClick={() => onPick(choice.id)}
          >
            <span className={`chip small category-${choice.category ?? 'ends'}`}>
              <Icon name={iconNamed(choice.icon)} size={16} />
            </span>
            <span className="cut">{choice.label}</span>
            {choice.hint && <span className="link-list-hint cut">{choice.hint}</span>}
            {choice.id === current && <Icon name="check" size={16} />}
          </div>
        ))}
      </div>
    ))}
  </div>
)

const placeIn = (room: Size, at: Point) => ({
  left: Math.max(8, Math.min(at.x, room.width - size.width - 8)),
  top: Math.max(8, Math.min(at.y, room.height - size.height - 8)),
  width: size.width,
  maxHeight: size.height,
})

/** What was typed finds these. One that is typed like a kind of block means a new one rather than a block with the word in its name. */
function found(groups: readonly ChoiceGroup[], wanted: string) {
  const shown = groups
    .map(({ label, choices }) => ({ label, choices: choices.filter((choice) => rankOf(choice, wanted) > 0) }))
    .filter(({ choices }) => choices.length > 0)
  const flat = shown.flatMap(({ choices }) => choices)
  const ranks = flat.map((one) => rankOf(one, wanted))
  return { shown, flat, best: wanted === '' ? 0 : Math.max(0, ranks.indexOf(Math.max(...ranks))) }
}

/** A block is named best by the beginning of its name. */
function rankOf({ label, hint, rank }: Choice, wanted: string): number {
  if (rank) return rank(wanted)
  if (wanted === '' || label.toLowerCase() === wanted) return 4
  if (label.toLowerCase().startsWith(wanted)) return 3
  return label.toLowerCase().includes(wanted) || hint?.toLowerCase().includes(wanted) ? 1 : 0
}
