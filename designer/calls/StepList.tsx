import { Button } from '@fluentui/react-components'
import { useEffect, useRef, useState } from 'react'
import type { BlockView } from '#flow/check.ts'
import { Icon } from '../icons.tsx'
import { callsMessages as words } from '../messages/calls.ts'
import { lengthOf } from '../shell/words.ts'
import type { OpenedCall } from '../wire.ts'
import { blockName, problemWords, stayWords } from './callWords.ts'
import { supportText } from './supportText.ts'
import type { Stay } from './visits.ts'

/** The steps of a call in words. What failed is explained below its step. */
export function StepList(props: {
  opened: OpenedCall
  stays: readonly Stay[]
  views: ReadonlyMap<string, BlockView>
  current: number
  onChoose: (number: number) => void
}) {
  const { opened, stays, views, current, onChoose } = props
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    list.current?.children[current - 1]?.scrollIntoView({ block: 'nearest' })
  }, [current])

  if (stays.length === 0) return <p className="notice quiet">{words.noSteps}</p>
  return (
    <ol ref={list} className="steps">
      {stays.map((stay) => (
        <li key={stay.number} className="step" data-current={stay.number === current}>
          <button
            type="button"
            className="bare"
            aria-current={stay.number === current ? 'step' : undefined}
            onClick={() => onChoose(stay.number)}
          >
            <span className="step-number small strong" data-bad={stay.problem !== null}>
              {stay.number}
            </span>
            <span className="strong cut">{blockName(opened.flow, stay.block)}</span>
            <span className="figures quiet">{lengthOf(Date.parse(stay.at) - Date.parse(opened.call.startedAt))}</span>
            <span className="small quiet step-words">{stayWords(views.get(stay.block), stay)}</span>
          </button>
          {stay.problem !== null && <Explained opened={opened} stay={stay} problem={stay.problem} />}
        </li>
      ))}
    </ol>
  )
}

function Explained({ opened, stay, problem }: { opened: OpenedCall; stay: Stay; problem: string }) {
  const [copied, setCopied] = useState(false)
  return (
    <div className="step-why column">
      <p className="strong bad row">
        <Icon name="err" size={16} />
        {words.failedStep}
      </p>
      <p>{problemWords(problem)}</p>
      <p>{words.failureHelp}</p>
      <p className="small quiet">{problem}</p>
      <Button
        size="small"
        icon={<Icon name="copy" size={16} />}
        onClick={async () => {
          await navigator.clipboard.writeText(supportText(opened, stay))
          setCopied(true)
        }}
      >
        {copied ? words.copied : words.copy}
      </Button>
    </div>
  )
}
