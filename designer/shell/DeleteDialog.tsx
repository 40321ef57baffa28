import { flowsMessages } from '../messages/flows.ts'
import { ConfirmDialog } from './ConfirmDialog.tsx'

const words = flowsMessages.removing

/** Asks once, by name, before a flow is deleted. */
export function DeleteDialog(props: { open: boolean; name: string; remove(): Promise<void>; onClose(): void }) {
  const { name, remove, ...frame } = props
  const { title, text, submit, cancel } = words
  return <ConfirmDialog {...frame} {...{ text, submit, cancel }} title={title(name)} act={remove} />
}
