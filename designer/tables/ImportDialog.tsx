import { Button } from '@fluentui/react-components'
import { useState } from 'react'
import { type Import, importCsv } from '#flow/tableCsv.ts'
import { tablesMessages as words } from '../messages/tables.ts'
import { DialogFrame, DialogSheet } from '../shell/DialogFrame.tsx'
import { type Draft, newId } from './draft.ts'

type Props = { open: boolean; draft: Draft; onTake(draft: Draft): void; onClose(): void }

/** A CSV file: first what it would change, then that. */
export const ImportDialog = ({ open, ...rest }: Props) => (
  <DialogFrame open={open} onClose={rest.onClose}>
    <Choose {...rest} />
  </DialogFrame>
)

function Choose({ draft, onTake, onClose }: Omit<Props, 'open'>) {
  const [found, setFound] = useState<Import | null>(null)
  const changes = found ? found.added + found.changed : 0
  const take = () => {
    if (found) onTake({ ...draft, rows: found.rows })
  }
  return (
    <DialogSheet
      title={words.file.title}
      actions={
        <>
          <Button onClick={onClose}>{words.file.cancel}</Button>
          <Button appearance="primary" disabledFocusable={changes === 0} onClick={take}>
            {words.file.take}
          </Button>
        </>
      }
    >
      <p>{words.file.how}</p>
      <label className="hours-file">
        {words.file.choose}
        <input
          type="file"
          accept=".csv,text/csv"
          onChange={async ({ target }) => {
            const text = await target.files?.[0]?.text()
            if (text !== undefined) setFound(importCsv(draft.table, draft.rows, text, newId))
          }}
        />
      </label>
      <div role="status">
        {found && (
          <>
            <p className="strong">{changes === 0 ? words.file.nothing : words.file.what(found.added, found.changed)}</p>
            {found.unread.length > 0 && <p className="bad">{words.file.unread(found.unread)}</p>}
            {found.unknown.length > 0 && <p>{words.file.unknown(found.unknown)}</p>}
            {found.tooMany > 0 && <p className="bad">{words.file.tooMany(found.tooMany)}</p>}
          </>
        )}
      </div>
    </DialogSheet>
  )
}
