import { flowsMessages } from '../messages/flows.ts'
import { ConfirmDialog } from './ConfirmDialog.tsx'

const words = flowsMessages.removing

/** Asks once, by name, before a flow is deleted. */
export function DeleteDialog(props: { open: boolean; name: string; remove(): Promise<void>; onClose(): void }) {
  const { open, name, remove, onClose } = props
  const { text, submit, cancel } = words
  return <ConfirmDialog {...{ open, text, submit, cancel, onClose }} title={words.title(name)} act={remove} />
}
