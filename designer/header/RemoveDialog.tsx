import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components'
import { useState } from 'react'
import { designerMessages } from '../messages/designer.en.ts'
import { errorWords } from '../shell/words.ts'

const { remove: words } = designerMessages

/** Asks once, by name, before the flow is deleted. */
export function RemoveDialog(props: { open: boolean; name: string; remove(): Promise<void>; onClose(): void }) {
  const [fault, setFault] = useState<string | null>(null)
  return (
    <Dialog modalType="alert" open={props.open} onOpenChange={(_, { open }) => !open && props.onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{words.title(props.name)}</DialogTitle>
          <DialogContent>
            {words.what}
            {fault !== null && (
              <p className="bad" role="alert">
                {fault}
              </p>
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={props.onClose}>{words.cancel}</Button>
            <Button
              appearance="primary"
              onClick={() => void props.remove().catch((problem: unknown) => setFault(errorWords(problem)))}
            >
              {words.remove}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  )
}
