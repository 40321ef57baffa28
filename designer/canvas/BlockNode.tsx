import { Handle, type NodeProps, Position, useStore } from '@xyflow/react'
import { memo, use, useEffect, useRef, useState } from 'react'
import { Icon, iconNamed } from '../icons.tsx'
import { designerMessages } from '../messages/designer.ts'
import { shellMessages } from '../messages/shell.ts'
import { CanvasActionsContext } from './actions.ts'
import { linkId } from './links.ts'
import { anchor, type BlockData, type BlockNodeType, type Port } from './nodes.ts'

const { canvas: words } = designerMessages
const { errors, warnings } = shellMessages.problemCounts

/** Below three quarters ports would be smaller than 24 px: they are drawn, but the block is the target. */
const portsFrom = 0.75
const rowsFrom = 0.4

type Closeness = 'near' | 'middle' | 'far'
const closenessOf = ({ transform: [, , zoom] }: { transform: [number, number, number] }): Closeness =>
  zoom < rowsFrom ? 'far' : zoom < portsFrom - 0.001 ? 'middle' : 'near'

/** One block on the canvas. It is drawn again only when its own data change or the zoom passes a threshold. */
export const BlockNode = memo(function BlockNode({ id, data, selected }: NodeProps<BlockNodeType>) {
  const closeness = useStore(closenessOf)
  const { visit } = data
  const unknown = data.category === null
  const below = data.side === 'below' ? data.ports[0] : undefined
  const states = [
    'block',
    closeness,
    selected && 'selected',
    visit && `was-${visit.state}`,
    unknown && 'unknown',
    data.counts.todo > 0 && 'unfinished',
    data.renaming && 'renaming',
  ]
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be a form; this is a group of outcomes.
    <div
      className={states.filter(Boolean).join(' ')}
      data-block={id}
      role="group"
      tabIndex={-1}
      aria-label={selected ? words.selected(data.spoken) : data.spoken}
    >
      <Handle type="source" id={anchor.out} position={Position.Left} className="anchor" isConnectable={false} />
      <Handle type="target" id={anchor.in} position={Position.Left} className="anchor" isConnectable={false} />
      {visit && <VisitTag visit={visit} />}
      <div className="block-top">
        <div className="block-head">
          <span className={`chip category-${data.category ?? 'ends'}`}>
            <Icon name={unknown ? 'info' : iconNamed(data.icon)} />
          </span>
          <div className="block-titles">
            <div className="block-kind">
              <span className="cut">{data.kind}</span>
              {data.hasNote && (
                <span title={words.note}>
                  <Icon name="note" size={12} />
                </span>
              )}
            </div>
            {data.renaming ? <NameField id={id} name={data.name} /> : <div className="block-name cut">{data.name}</div>}
          </div>
        </div>
        {closeness === 'near' && <div className="block-summary cut">{data.summary}</div>}
      </div>
      {data.wait !== null && (
        <div className="block-wait">
          <span style={{ inlineSize: `${Math.round(data.wait * 100)}%` }} />
        </div>
      )}
      <ProblemBadge data={data} />
      {closeness !== 'far' && data.side === 'row' && data.ports.length > 0 && (
        <div className="block-rows">
          {data.ports.map((port) => (
            <Row key={port.exit} id={id} port={port} data={data} near={closeness === 'near'} />
          ))}
        </div>
      )}
      {closeness !== 'far' && below && (
        <>
          <PortOf id={id} port={below} data={data} near={closeness === 'near'} />
          {below.state === 'word' && below.to && <Jump id={id} port={below} near={closeness === 'near'} />}
        </>
      )}
    </div>
  )
})

function VisitTag({ visit: { number, times, state } }: { visit: NonNullable<BlockData['visit']> }) {
  return (
    <span className={`block-tag ${state}`}>
      {state === 'failed' && <Icon name="err" size={12} />}
      {state === 'now' ? words.now(number) : state === 'failed' ? words.failed(number) : number}
      {times > 1 && <span>{words.times(times)}</span>}
    </span>
  )
}

function ProblemBadge({ data }: { data: BlockData }) {
  const { counts } = data
  const [look, icon, text] =
    counts.todo > 0
      ? (['todo', 'todo', words.toDo(counts.todo)] as const)
      : counts.errors > 0
        ? (['danger', 'err', errors(counts.errors)] as const)
        : (['warn', 'warn', warnings(counts.warnings)] as const)
  if (counts.todo + counts.errors + counts.warnings === 0) return null
  return (
    <span className={`block-badge ${look}`}>
      <Icon name={icon} size={12} />
      {text}
    </span>
  )
}

type PortProps = { id: string; port: Port; data: BlockData; near: boolean }

function Row({ id, port, data, near }: PortProps) {
  const actions = use(CanvasActionsContext)
  const { to } = port
  const calm = data.counts.todo > 0
  return (
    <div className={`exit-row ${port.taken ? 'taken' : ''}`}>
      {near && port.key !== undefined && <span className="key-cap">{port.key}</span>}
      {near && <span className="row-label cut">{port.label}</span>}
      {near && port.state === 'open' && (
        <span className={`row-goes ${calm ? '' : 'danger'}`}>{calm ? words.notChosen : words.leadsNowhere}</span>
      )}
      {near && port.unlinked !== undefined && (
        <span className="row-goes">
          <Icon name="right" size={12} />
          <span className="cut">{port.unlinked}</span>
        </span>
      )}
      {near && port.state === 'word' && to && (
        <button
          type="button"
          className="bare row-goes nodrag"
          tabIndex={-1}
          aria-label={words.goTo(to.name)}
          onClick={() => actions.goTo(to.id)}
          onPointerEnter={() => actions.peek(linkId(id, port.exit))}
          onPointerLeave={() => actions.peek(null)}
        >
          <Icon name="right" size={12} />
          <span className="cut">{to.name}</span>
        </button>
      )}
      <PortOf id={id} port={port} data={data} near={near} />
    </div>
  )
}

/** The dot at which a link begins: a click opens its list, a drag draws a link. */
function PortOf({ id, port, data, near }: PortProps) {
  const actions = use(CanvasActionsContext)
  const below = data.side === 'below'
  const look = `port ${below ? 'below' : ''} ${port.state} ${port.taken ? 'taken' : ''}`
  const dot = (
    <span className="dot">{port.state === 'open' && data.canEdit && near && <Icon name="plus" size={12} />}</span>
  )
  if (!data.canEdit || !near) return <span className={`${look} still`}>{dot}</span>
  return (
    <>
      <button
        type="button"
        className={`bare ${look} nodrag nopan`}
        tabIndex={-1}
        data-exit={port.exit}
        aria-label={port.spoken}
        aria-haspopup="dialog"
        onPointerDown={(event) => actions.pull(event, id, port.exit)}
        onClick={() => actions.openList('link', id, port.exit)}
        onFocus={() => actions.peek(port.state === 'word' ? linkId(id, port.exit) : null)}
        onBlur={() => actions.peek(null)}
      >
        {dot}
      </button>
      {port.state === 'line' && (
        <button
          type="button"
          className={`bare insert nodrag nopan ${below ? 'below' : ''}`}
          tabIndex={-1}
          aria-label={words.insertAfter(port.name)}
          aria-haspopup="dialog"
          onClick={() => actions.openList('insert', id, port.exit)}
        >
          <span>
            <Icon name="plus" size={12} />
          </span>
        </button>
      )}
    </>
  )
}

function Jump({ id, port, near }: { id: string; port: Port; near: boolean }) {
  const actions = use(CanvasActionsContext)
  const { to } = port
  if (!to) return null
  const label = (
    <span className="jump-label">
      <Icon name={to.ahead ? 'right' : 'turnBack'} size={12} />
      <span className="cut">{to.name}</span>
    </span>
  )
  if (!near) return <span className="jump">{label}</span>
  return (
    <button
      type="button"
      className="bare jump nodrag nopan"
      tabIndex={-1}
      aria-label={words.goTo(to.name)}
      onClick={() => actions.goTo(to.id)}
      onPointerEnter={() => actions.peek(linkId(id, port.exit))}
      onPointerLeave={() => actions.peek(null)}
    >
      {label}
    </button>
  )
}

function NameField({ id, name }: { id: string; name: string }) {
  const actions = use(CanvasActionsContext)
  const [text, setText] = useState(name)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => field.current?.select(), [])
  return (
    <input
      className="block-name-field nodrag nopan"
      aria-label={words.rename(name)}
      maxLength={100}
      value={text}
      ref={field}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => actions.rename(id, text)}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter') actions.rename(id, text)
        if (event.key === 'Escape') actions.rename(id, null)
      }}
    />
  )
}
