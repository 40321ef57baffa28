import type { EdgeProps } from '@xyflow/react'
import { memo } from 'react'
import { entryAt } from './geometry.ts'
import { arrowHead, type Lane, levelled, roundedPath, turns } from './links.ts'
import type { LinkEdgeType } from './nodes.ts'

const peekLane: Lane = { from: 'source', distance: 24 }

/** One link: a right-angled line with an arrow head. It follows a block that is dragged by what React Flow tells it. */
export const LinkEdge = memo(function LinkEdge({ sourceX, sourceY, targetX, targetY, data }: EdgeProps<LinkEdgeType>) {
  if (!data) return null
  const { side, port, lane, look } = data
  const from = { x: sourceX + port.x, y: sourceY + port.y }
  const into = entryAt(side)
  const entry = levelled(side, from, { x: targetX + into.x, y: targetY + into.y })
  const path = roundedPath(turns(side, from, entry, lane ?? peekLane))
  return (
    <g className={`link ${look} ${lane ? '' : 'peek'}`}>
      <path className="link-area" d={path} />
      <path className="link-line" d={path} />
      <path className="link-head" d={arrowHead(side, entry)} />
    </g>
  )
})
