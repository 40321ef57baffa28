import { Button } from '@fluentui/react-components'
import { useEffect, useMemo, useRef } from 'react'
import type { Flow } from '#flow/flow.ts'
import { kindOf } from '#flow/kinds.ts'
import { viewBlocks } from '#flow/view.ts'
import { Icon } from '../icons.tsx'
import { callsMessages as words } from '../messages/calls.ts'
import { lengthOf } from '../shell/words.ts'
import type { OpenedCall } from '../wire.ts'
import { blockName, stayWords } from './callWords.ts'
import { breakOf, explain } from './outcomes.ts'
import { supportText } from './supportText.ts'
import { useCopy } from './useCopy.ts'
import { isDrawn, type Stay } from './visits.ts'

/** The steps of a call in words. What failed is explained below its step. */
export function StepList(props: {
  opened: OpenedCall
  stays: readonly Stay[]
  current: number
  onChoose: (number: number) => void
}) {
  const { opened, stays, current, onChoose } = props
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    list.current?.children[current - 1]?.scrollIntoView({ block: 'nearest' })
  }, [current])

  const views = useMemo(() => viewsIn(opened), [opened])
  const broken = breakOf(opened.call)
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
            <span className="strong cut">{blockName(flowOf(opened, stay), stay.block)}</span>
            <span className="figures quiet">{lengthOf(Date.parse(stay.at) - Date.parse(opened.call.startedAt))}</span>
            <span className="small quiet step-words">
              {[flowWords(opened, stay), stayWords(views.get(stay.version)?.get(stay.block), stay)]
                .filter((words) => words !== null)
                .join(' · ')}
            </span>
          </button>
          {stay.problem !== null && isDrawn(stay.block) && (
            <Explained opened={opened} stay={stay} problem={stay.problem} next={stays[stay.number]} />
          )}
          {broken !== null && stay.number === stays.length && (
            <Explained opened={opened} stay={stay} problem={broken} next={null} />
          )}
        </li>
      ))}
    </ol>
  )
}

/** The flow that a call was in. */
const flowOf = ({ flow, entered }: OpenedCall, { version }: Stay): Flow =>
  (version === null ? undefined : entered[version]?.flow) ?? flow

/** In which other flow it was. */
const flowWords = (opened: OpenedCall, stay: Stay): string | null =>
  stay.version === null ? null : words.inFlow(flowOf(opened, stay).name)

const viewsIn = ({ flow, entered }: OpenedCall) =>
  new Map([
    [null, viewBlocks(flow)] as const,
    ...Object.entries(entered).map(([id, one]) => [id, viewBlocks(one.flow)] as const),
  ])

type ExplainedProps = { opened: OpenedCall; stay: Stay; problem: string; next: Stay | undefined | null }

/** Why a block failed (or, without a `next` that could be, why the call broke off), what became of the caller, what to do, and last what the platform said. */
function Explained({ opened, stay, problem, next }: ExplainedProps) {
  const { said: copied, copy } = useCopy()
  const { title, cause, todo, said } = explain(problem, kindOf(flowOf(opened, stay).blocks[stay.block]?.type ?? ''))
  const caller = opened.call.caller.name ?? words.someone
  const onwards =
    next && isDrawn(next.block) ? words.wentOn(caller, blockName(flowOf(opened, next), next.block)) : words.endedThere
  return (
    <div className="step-why column">
      <p className="strong bad row">
        <Icon name="err" size={16} />
        {title}
      </p>
      <p>
        {next === null ? words.whyLost(cause) : words.why(blockName(flowOf(opened, stay), stay.block), cause)}{' '}
        {next !== null && (opened.call.state === 'ended' || next) ? onwards : ''}
      </p>
      <p className="strong">{words.whatToDo}</p>
      <ol className="step-todo column">
        {todo.map((sentence, n) => (
          <li key={sentence} className="row">
            <span className="step-todo-number small" aria-hidden="true">
              {n + 1}
            </span>
            {sentence}
          </li>
        ))}
      </ol>
      {said !== null && <p className="small quiet">{words.teamsSaid(said)}</p>}
      <Button
        size="small"
        icon={<Icon name="copy" size={16} />}
        onClick={() => copy(supportText(opened, stay, problem))}
      >
        {copied ?? words.copy}
      </Button>
    </div>
  )
}
