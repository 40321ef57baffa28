import { Input } from '@fluentui/react-components'
import { type Ref, useImperativeHandle, useRef, useState } from 'react'
import { Icon } from '../icons.tsx'
import { designerMessages } from '../messages/designer.ts'
import { IconButton } from '../shell/IconButton.tsx'

const { header: words } = designerMessages

export type FindHandle = { open(): void }
type Props = { find(words: string): readonly string[]; onShow(block: string): void; ref?: Ref<FindHandle> }

/** A small search: Enter goes to the next block that has the words, Escape closes it. */
export function FindBlock({ find, onShow, ref }: Props) {
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const [at, setAt] = useState(-1)
  const button = useRef<HTMLButtonElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const hits = find(text)

  useImperativeHandle(ref, () => ({
    open() {
      setOpen(true)
      field.current?.select()
    },
  }))

  function next(step: number) {
    if (hits.length === 0) return
    const now = (at + step + hits.length) % hits.length
    setAt(now)
    onShow(hits[now] ?? '')
  }
  function close() {
    setOpen(false)
    setText('')
    setAt(-1)
    requestAnimationFrame(() => button.current?.focus())
  }

  if (!open) {
    return <IconButton ref={button} icon="search" title={words.find} onClick={() => setOpen(true)} />
  }
  return (
    <search className="find row">
      <Input
        ref={field}
        type="search"
        autoFocus
        contentBefore={<Icon name="search" size={16} />}
        placeholder={words.findField}
        aria-label={words.find}
        value={text}
        onChange={(_, { value }) => {
          setText(value)
          setAt(-1)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') next(event.shiftKey ? -1 : 1)
          if (event.key === 'Escape') close()
        }}
        onBlur={() => text === '' && setOpen(false)}
      />
      <span className="small quiet" role="status">
        {text.trim() === '' ? '' : hits.length === 0 ? words.findNone(text) : words.found(hits.length)}
      </span>
      {/* A phone has no Escape. */}
      <IconButton size="small" icon="close" title={words.findClose} onClick={close} />
    </search>
  )
}
