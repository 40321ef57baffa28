import {
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components'
import type { ReactNode } from 'react'

type FrameProps = { open: boolean; onClose(): void; modalType?: 'modal' | 'alert'; children: ReactNode }

/**
 * Around every dialog. What stands in it is made anew each time it opens. It is closed by `open` and not taken away, else Fluent would leave
 * the page behind it hidden from screen readers.
 */
export const DialogFrame = ({ open, onClose, modalType = 'modal', children }: FrameProps) => (
  <Dialog modalType={modalType} open={open} onOpenChange={(_, data) => !data.open && onClose()}>
    <DialogSurface>{children}</DialogSurface>
  </Dialog>
)

type SheetProps = { title: string; actions: ReactNode; children: ReactNode; fault?: string | null }

/** What stands in it: a title, what is said or asked, why the last try failed, and the buttons. */
export const DialogSheet = ({ title, actions, children, fault = null }: SheetProps) => (
  <DialogBody>
    <DialogTitle>{title}</DialogTitle>
    <DialogContent>
      {children}
      {fault !== null && (
        <p className="bad" role="alert">
          {fault}
        </p>
      )}
    </DialogContent>
    <DialogActions>{actions}</DialogActions>
  </DialogBody>
)
