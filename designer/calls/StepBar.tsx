import { callsMessages as words } from '../messages/calls.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { lengthOf } from '../shell/words.ts'
import type { Stay } from './visits.ts'

/** More dots than this would run into one another. */
const mostDots = 40

/** Walks along a call: back, on, or anywhere. */
export function StepBar(props: {
  stays: readonly Stay[]
  startedAt: string
  current: number
  onChoose: (number: number) => void
}) {
  const { stays, startedAt, current, onChoose } = props
  const stay = stays[current - 1]
  const place = (number: number) => (stays.length > 1 ? ((number - 1) / (stays.length - 1)) * 100 : 0)
  return (
    <div className="step-bar row">
      <IconButton
        icon="prev"
        title={words.previous}
        disabledFocusable={current <= 1}
        onClick={() => onChoose(current - 1)}
      />
      <IconButton
        icon="next"
        title={words.next}
        disabledFocusable={current >= stays.length}
        onClick={() => onChoose(current + 1)}
      />
      <div className="step-track" data-bad={stay?.problem != null}>
        <div className="step-rail">
          <span style={{ width: `${place(current)}%` }} />
          {stays.length <= mostDots &&
            stays.map(({ number }) => (
              <i key={number} data-done={number <= current} style={{ insetInlineStart: `${place(number)}%` }} />
            ))}
          <b style={{ insetInlineStart: `${place(current)}%` }} />
        </div>
        <input
          type="range"
          min={1}
          max={stays.length}
          value={current}
          aria-label={words.stepBar}
          aria-valuetext={words.step(current, stays.length)}
          onChange={({ target }) => onChoose(target.valueAsNumber)}
        />
      </div>
      <span className="figures step-count">{words.step(current, stays.length)}</span>
      <span className="figures quiet">{stay && lengthOf(Date.parse(stay.at) - Date.parse(startedAt))}</span>
    </div>
  )
}
