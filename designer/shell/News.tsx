import { MessageBar, MessageBarActions, MessageBarBody, type MessageBarProps } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import { errorWords } from './words.ts'

type Said = Pick<MessageBarProps, 'intent' | 'layout'> & { text: string; action?: ReactNode }

/** What failed and what has just been done, said at once, each with the way back or on. */
export const News = ({ failure, said }: { failure: unknown; said: readonly (Said | null)[] }) => (
  <div aria-live="polite" className="news">
    {[failed(failure), ...said].map(
      (one) =>
        one && (
          <MessageBar key={one.text} intent={one.intent} layout={one.layout}>
            <MessageBarBody>{one.text}</MessageBarBody>
            {'action' in one && <MessageBarActions>{one.action}</MessageBarActions>}
          </MessageBar>
        ),
    )}
  </div>
)

const failed = (error: unknown): Said | null => (error === null ? null : { intent: 'error', text: errorWords(error) })

/** What came back from deletion; more than one sentence says that something is otherwise than it was. */
export const restoredNews = (said: readonly string[], action?: ReactNode): Said => ({
  text: said.join(' '),
  ...(said.length > 1 ? { intent: 'warning', layout: 'multiline' } : { intent: 'success' }),
  ...(action !== undefined && { action }),
})
