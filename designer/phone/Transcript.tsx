import { useLayoutEffect, useRef } from 'react'
import type { Flow } from '#flow/flow.ts'
import { Icon, type IconName } from '../icons.tsx'
import { phoneMessages as words } from '../messages/phone.ts'
import { lengthOf } from '../shell/words.ts'
import { lineWords } from './phoneWords.ts'
import type { Line } from './view.ts'

const icons: Record<Line['kind'], IconName> = {
  said: 'sound',
  pressed: 'keypad',
  recorded: 'voicemail',
  again: 'clock',
  transfer: 'transfer',
  redirected: 'transfer',
  blockFailed: 'err',
  serviceFailed: 'err',
}

/** All that was said and done, the newest at the bottom. */
export function Transcript(props: {
  lines: readonly Line[]
  flow: Flow
  person: string | null
  /** When the caller was answered. */
  from: number | null
}) {
  const { lines, flow, person, from } = props
  const log = useRef<HTMLDivElement>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: every new line is scrolled to
  useLayoutEffect(() => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight
  }, [lines])

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <div ref={log} className="phone-log" role="log" aria-live="polite" aria-label={words.transcript} tabIndex={0}>
      {lines.map((line) => {
        const name = line.kind === 'said' ? flow.blocks[line.block ?? '']?.name : undefined
        return (
          <div key={line.id} className="phone-line" data-kind={line.kind}>
            <span className={/Failed$/.test(line.kind) ? 'bad' : 'quiet'}>
              <Icon name={icons[line.kind]} size={16} />
            </span>
            <p className="small quiet">
              {name !== undefined && <span className="strong">{name} </span>}
              <span className="figures">{lengthOf(Date.parse(line.at) - (from ?? Date.parse(line.at)))}</span>
            </p>
            <p>{lineWords(line, flow, person)}</p>
          </div>
        )
      })}
    </div>
  )
}
