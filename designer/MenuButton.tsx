import { useRestoreFocusTarget } from '@fluentui/react-components'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { Icon, type IconName } from './icons.tsx'
import { IconButton } from './shell/IconButton.tsx'
import { useLeave } from './shell/useLeave.ts'
import './menu.css'

/** `narrow`: only where the page is too narrow for a button of its own. */
export type MenuChoice = { icon: IconName; label: string; act(): void; narrow?: true }

/**
 * "…" with a short menu. Our own: Fluent's brings a positioning engine of 28 kB along, for menus of two lines that
 * always open below their button.
 */
export function MenuButton({ title, choices }: { title: string; choices: readonly MenuChoice[] }) {
  const id = useId()
  // What is chosen may open a dialog, which gives the focus back to this button.
  const takesFocusBack = useRestoreFocusTarget()
  const [open, setOpen] = useState(false)
  const place = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    if (open) itemsIn(place.current)[0]?.focus()
  }, [open])
  useLeave(place, open ? () => setOpen(false) : null)

  function close() {
    setOpen(false)
    button.current?.focus()
  }

  function press(event: KeyboardEvent) {
    if (event.key === 'Tab') setOpen(false)
    if (event.key === 'Escape') {
      event.stopPropagation()
      close()
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    stepIn(itemsIn(place.current), step)
  }

  return (
    <div ref={place} className="menu-place">
      <IconButton
        ref={button}
        {...takesFocusBack}
        icon="more"
        title={title}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return
          event.preventDefault()
          setOpen(true)
        }}
      />
      {open && (
        <div className="menu" role="menu" id={id} aria-label={title} tabIndex={-1} onKeyDown={press}>
          {choices.map(({ icon, label, act, narrow }) => (
            <button
              type="button"
              className={narrow ? 'bare narrow-only' : 'bare'}
              role="menuitem"
              tabIndex={-1}
              key={label}
              onClick={() => {
                close()
                act()
              }}
            >
              <Icon name={icon} />
              {label}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

function stepIn(items: readonly HTMLElement[], step: number) {
  const at = items.findIndex((item) => item.matches(':focus'))
  items[(at + step + items.length) % items.length]?.focus()
}

/** The choices that are shown. */
const itemsIn = (place: HTMLElement | null): HTMLElement[] =>
  [...(place?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])].filter((item) => item.checkVisibility())
