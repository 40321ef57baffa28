/** What the type of a block is called while it is dragged from the palette to the canvas. */
export const draggedKind = 'application/x-call-flow-block'
