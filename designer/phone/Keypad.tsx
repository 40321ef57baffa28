import type { Ref } from 'react'
import { keypad } from '#flow/keypad.ts'
import { phoneMessages as words } from '../messages/phone.ts'

/** The keys 0 to 9, star and hash; those that mean something now say what. */
export function Keypad(props: {
  keys: ReadonlyMap<string, string>
  onPress: (key: string) => void
  ref?: Ref<HTMLDivElement>
}) {
  const { keys, onPress, ref } = props
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a grid in every browser
    <div ref={ref} className="keypad" role="group" aria-label={words.keypad} tabIndex={-1}>
      {keypad.map((key) => {
        const meaning = keys.get(key)
        return (
          <button key={key} type="button" data-counts={meaning !== undefined} onClick={() => onPress(key)}>
            <span className="keypad-key" aria-hidden={key in words.keyNames}>
              {key}
            </span>
            {key in words.keyNames && <span className="unseen">{words.keyNames[key]}</span>}
            {meaning && <span className="keypad-meaning small cut">{meaning}</span>}
          </button>
        )
      })}
    </div>
  )
}
