import { useRestoreFocusTarget } from '@fluentui/react-components'
import { useId, useState } from 'react'
import { Icon, type IconName } from '../icons.tsx'
import { flowsMessages } from '../messages/flows.ts'
import { newFlowMessages as words } from '../messages/newFlow.ts'
import { ImportDialog } from './ImportDialog.tsx'
import { importFlow } from './importFlow.ts'
import type { Picture } from './picture.ts'

type Props = {
  name: string
  sentence: string
  /** Null for what has nothing to be drawn. */
  picture: Picture | null
  isChosen: boolean
  onChoose(): void
}

/** One of the ways to begin: a radio button that looks like a card. */
export function StartCard({ name, sentence, picture, isChosen, onChoose }: Props) {
  const id = useId()
  return (
    <label className="card start" data-picture={picture !== null}>
      <input
        className="unseen"
        type="radio"
        name="start"
        aria-labelledby={id}
        aria-describedby={`${id}-sentence`}
        checked={isChosen}
        onChange={onChoose}
      />
      {picture ? <FlowPicture {...picture} /> : <CardIcon name="plus" />}
      <span className="start-words">
        <span id={id} className="strong">
          {name}
        </span>
        <span id={`${id}-sentence`} className="small quiet">
          {sentence}
        </span>
        {isChosen && (
          <span className="start-chosen">
            <Icon name="okCircle" size={16} />
          </span>
        )}
      </span>
    </label>
  )
}

/** The way by a file. */
export function ImportCard() {
  const takesFocusBack = useRestoreFocusTarget()
  const [open, setOpen] = useState(false)
  const { title, hint, submit } = flowsMessages.importing
  const { name, sentence } = words.importing
  return (
    <>
      <button type="button" className="bare card start" {...takesFocusBack} onClick={() => setOpen(true)}>
        <CardIcon name="download" />
        <span className="start-words">
          <span className="strong">{name}</span>
          <span className="small quiet">{sentence}</span>
        </span>
      </button>
      <ImportDialog open={open} {...{ title, hint, submit }} take={importFlow} onClose={() => setOpen(false)} />
    </>
  )
}

const CardIcon = ({ name }: { name: IconName }) => (
  <span className="name-icon">
    <Icon name={name} />
  </span>
)

/** Says nothing that does not stand in words beside it. */
const FlowPicture = ({ width, height, box, boxes, lines }: Picture) => (
  <span className="start-picture">
    <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {lines.map((line) => (
        <path key={line} d={line} />
      ))}
      {boxes.map(({ x, y, category }) => (
        <g key={`${x} ${y}`} transform={`translate(${x} ${y})`}>
          <rect className="start-box" {...box} rx={4} />
          <rect className={`start-chip category-${category}`} x={5} y={5} width={10} height={10} rx={2} />
          <rect className="start-text" x={20} y={8} width={box.width - 28} height={4} rx={2} />
        </g>
      ))}
    </svg>
  </span>
)
