import type { Flow } from '#flow/flow.ts'

/** Whether callers of a flow are asked to leave a message. */
export const takesMessages = ({ blocks }: Flow): boolean =>
  Object.values(blocks).some(({ type }) => type === 'recordMessage')
