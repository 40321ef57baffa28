import type { CallbackItem } from '#designer/wire.ts'
import type { CallbackRow } from '#store/callbacks.ts'

export const callbackItem = ({ due, at, doneAt, doneBy, ...row }: CallbackRow): CallbackItem => ({
  ...row,
  due: due.toISOString(),
  at: at.toISOString(),
  done: doneAt && { at: doneAt.toISOString(), by: doneBy ?? '' },
})
