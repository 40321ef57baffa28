import { Button } from '@fluentui/react-components'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Canvas } from '../canvas/Canvas.tsx'
import type { CanvasHandle } from '../canvas/canvasProps.ts'
import { callsMessages as words } from '../messages/calls.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { useNow } from '../shell/useNow.ts'
import { exactTimeOf, isToday, lengthOf, whenOf } from '../shell/words.ts'
import { useDrawing } from '../useDrawing.ts'
import type { OpenedCall } from '../wire.ts'
import { callerWords } from './callWords.ts'
import { outcomeWords } from './outcomes.ts'
import { StepBar } from './StepBar.tsx'
import { StepList } from './StepList.tsx'
import { isDrawn, staysOf, traceOf } from './visits.ts'

/** One call: its way on the version that it ran on, and its steps in words beside it. */
export function OneCall({ opened, onBack }: { opened: OpenedCall; onBack: () => void }) {
  const { call, flow, steps, entered } = opened
  const live = call.state === 'live'
  const stays = useMemo(() => staysOf(steps), [steps])
  const canvas = useRef<CanvasHandle>(null)

  // Until somebody chooses a step it is the one that failed, or the last one: while a call runs, the one it is in.
  const [chosen, setChosen] = useState<number | null>(null)
  const failed = stays.find(({ problem }) => problem !== null)?.number
  const current = Math.min(chosen ?? failed ?? stays.length, stays.length)
  const { block = null, version = null } = stays[current - 1] ?? {}
  // The canvas shows the flow of the step.
  const shown = version === null ? undefined : entered[version]
  const drawing = useDrawing(shown?.flow ?? flow)
  const trace = useMemo(() => traceOf(stays, live, version), [stays, live, version])

  useEffect(() => {
    if (block !== null && isDrawn(block)) canvas.current?.show(block)
  }, [block])

  return (
    <>
      <section className="calls-path column">
        <CallHead opened={opened} onBack={onBack} />
        {shown && (
          <p className="calls-entered small strong">{words.inFlow(words.flowVersion(shown.flow.name, shown.number))}</p>
        )}
        <div className="calls-canvas column">
          <Canvas
            ref={canvas}
            drawing={drawing}
            problems={[]}
            mode="view"
            selected={block !== null && isDrawn(block) ? [block] : []}
            onSelect={([id]) => {
              const stay = stays.findLast((one) => one.block === id && one.version === version)
              if (stay) setChosen(stay.number)
            }}
            trace={trace}
            readOnlyReason={words.readOnly}
          />
        </div>
        {stays.length > 0 && (
          <StepBar stays={stays} startedAt={call.startedAt} current={current} onChoose={setChosen} />
        )}
      </section>
      <aside className="calls-steps" aria-label={words.steps}>
        <h3 className="calls-steps-title">{words.steps}</h3>
        <StepList opened={opened} stays={stays} current={current} onChoose={setChosen} />
      </aside>
    </>
  )
}

/** Who called when, what came of it, and the way to its flow: to the block that failed, if one did. */
function CallHead({ opened: { call, version }, onBack }: { opened: OpenedCall; onBack: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null)
  // Where the call takes the place of the list, the focus was in what is gone.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [])

  const now = useNow(call.state === 'live')
  const length = lengthOf((call.endedAt === null ? now : Date.parse(call.endedAt)) - Date.parse(call.startedAt))
  const exact = exactTimeOf(call.startedAt)
  const when = isToday(call.startedAt) ? exact : `${whenOf(call.startedAt)}, ${exact}`
  const facts = [words.flowVersion(call.flowName, version.number), when, length, outcomeWords(call)]
  const broken = call.failedBlock?.type === undefined ? '' : `#${encodeURIComponent(call.failedBlock.id)}`
  return (
    <header className="calls-head">
      <span className="calls-back">
        <IconButton icon="back" title={words.back} onClick={onBack} />
      </span>
      <div className="cut">
        <h2 ref={heading} className="cut" tabIndex={-1}>
          {callerWords(call)}
        </h2>
        <p className="small quiet cut figures">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      <span className="space" />
      <Button as="a" appearance={broken === '' ? 'secondary' : 'primary'} href={`/flows/${call.flowId}${broken}`}>
        {broken === '' ? words.openFlow : words.fix}
      </Button>
    </header>
  )
}
