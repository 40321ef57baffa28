import './palette.css'
import { Button, Input } from '@fluentui/react-components'
import { useState } from 'react'
import type { Category } from '#flow/block.ts'
import type { KnownKind } from '#flow/kinds.ts'
import { flowMessages } from '#flow/messages/index.ts'
import { draggedKind } from '../canvas/draggedKind.ts'
import { findKinds, missingKind } from '../canvas/kindWords.ts'
import { kindName } from '../canvas/names.ts'
import { Icon, iconNamed } from '../icons.tsx'
import { designerMessages } from '../messages/designer.ts'
import { IconButton } from '../shell/IconButton.tsx'

const { palette: words } = designerMessages

type Props = {
  kinds: readonly KnownKind[]
  onAdd(kind: KnownKind): void
  /** Only where the panel lies folded in a rail. */
  onClose?: (() => void) | undefined
}

/** The kinds of blocks: a click or Enter adds one, dragging puts it where it is dropped. */
export function Palette({ kinds, onAdd, onClose }: Props) {
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const found = findKinds(kinds, text)
  const missing = missingKind(text)
  const categories = [...new Set(found.map(({ category }) => category))].sort(byOrder)
  return (
    <nav className="palette column" aria-label={words.title}>
      <div className="palette-head">
        <h2>{words.title}</h2>
        {onClose && <IconButton icon="close" title={words.close} onClick={onClose} />}
      </div>
      <Input
        type="search"
        className="palette-find"
        contentBefore={<Icon name="search" size={16} />}
        placeholder={words.find}
        aria-label={words.find}
        value={text}
        onChange={(_, { value }) => setText(value)}
        onKeyDown={(event) => {
          const [only] = found
          if (event.key === 'Enter' && only && wanted !== '') onAdd(only)
        }}
      />
      <div className="palette-kinds">
        {categories.map((category) => (
          <section key={category} aria-label={flowMessages.categories[category]}>
            <h3>{flowMessages.categories[category]}</h3>
            <ul>
              {found
                .filter((kind) => kind.category === category)
                .map((kind) => (
                  <li key={kind.type}>
                    <button
                      type="button"
                      className="bare kind-choice palette-kind"
                      title={describe(kind)}
                      draggable
                      onDragStart={(event) => event.dataTransfer.setData(draggedKind, kind.type)}
                      // The second click of a double one is no second wish.
                      onClick={({ detail }) => detail < 2 && onAdd(kind)}
                    >
                      <span className={`chip small category-${kind.category}`}>
                        <Icon name={iconNamed(kind.icon)} size={16} />
                      </span>
                      {kindName(kind)}
                    </button>
                  </li>
                ))}
            </ul>
          </section>
        ))}
        {found.length === 0 && (
          <p className="palette-none quiet">
            {missing === null ? words.none(text) : words.noneYet(missing)}{' '}
            <Button size="small" onClick={() => setText('')}>
              {words.clear}
            </Button>
          </p>
        )}
      </div>
    </nav>
  )
}

const describe = ({ type }: KnownKind): string => flowMessages.blocks[type]?.describe ?? ''

const order: readonly Category[] = ['speak', 'ask', 'decide', 'connect', 'data', 'ends']
const byOrder = (a: Category, b: Category) => order.indexOf(a) - order.indexOf(b)
