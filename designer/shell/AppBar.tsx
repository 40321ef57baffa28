import { Button } from '@fluentui/react-components'
import { useEffect, useState } from 'react'
import { Icon } from '../icons.tsx'
import { shellMessages } from '../messages/shell.ts'
import type { Health } from '../wire.ts'
import { api } from './api.ts'
import { useMe } from './PageRoot.tsx'
import { useHost } from './theme.tsx'

/** A page that stands in the bar. */
export type Section = keyof typeof shellMessages.sections

const help = {
  appearance: 'subtle',
  icon: <Icon name="info" />,
  title: shellMessages.help,
  'aria-label': shellMessages.help,
} as const

/** The header of all pages but the designer: where one is, whether the test service runs, help, and who one is. */
export function AppBar({ current, onHelp }: { current: Section; onHelp?: (() => void) | undefined }) {
  const me = useMe()
  const { teams } = useHost()
  return (
    <header className="bar">
      {!teams && <span className="bar-brand wide-only">{shellMessages.product}</span>}
      <nav className="bar-tabs" aria-label={shellMessages.sectionBar}>
        {Object.entries(shellMessages.sections).map(([id, name]) => (
          <a key={id} className="bar-tab" href={`/${id}`} aria-current={id === current ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      <span className="space" />
      {me.local && <Service />}
      <span className="bar-line wide-only" />
      {onHelp ? <Button {...help} onClick={onHelp} /> : <Button {...help} as="a" href="/flows?tour=1" />}
      {!teams && (
        <span className="avatar bar-person wide-only" role="img" aria-label={me.name}>
          {me.initials}
        </span>
      )}
    </header>
  )
}

const askEveryMs = 15_000

/** Whether test calls can be made, asked now and again while the page is looked at. */
function Service() {
  const [health, setHealth] = useState<Health | null>(null)
  useEffect(() => {
    const leaving = new AbortController()
    const ask = () => {
      if (document.hidden) return
      api.health(leaving.signal).then(setHealth, () => {})
    }
    ask()
    const timer = setInterval(ask, askEveryMs)
    document.addEventListener('visibilitychange', ask)
    return () => {
      leaving.abort()
      clearInterval(timer)
      document.removeEventListener('visibilitychange', ask)
    }
  }, [])

  const { running, away, howToStart, databaseAway, howToStartDatabase } = shellMessages.service
  if (!health) return <span className="bar-service" role="status" />
  const { database, emulator } = health.checks
  if (database && emulator) {
    return (
      <span className="bar-service small quiet wide-only" role="status">
        <span className="fine">
          <Icon name="okCircle" size={16} />
        </span>
        {running}
      </span>
    )
  }
  return (
    <span className="bar-service small quiet" role="status" title={database ? howToStart : howToStartDatabase}>
      <span className="bad">
        <Icon name="err" size={16} />
      </span>
      {database ? away : databaseAway}
      <span className="unseen">{database ? howToStart : howToStartDatabase}</span>
    </span>
  )
}
