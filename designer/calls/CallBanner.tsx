import { Button } from '@fluentui/react-components'
import { useMemo } from 'react'
import { Icon } from '../icons.tsx'
import { callsMessages as words } from '../messages/calls.ts'
import { IconButton } from '../shell/IconButton.tsx'
import type { CallOverview, Incident } from '../wire.ts'
import { bannerOf, mailOf } from './banner.ts'
import { useCopy } from './useCopy.ts'

/** Over everything while callers are not reached: how many, where, since when, why, and the way to whoever can mend it. */
export function CallBanner({ overview, onShow }: { overview: CallOverview; onShow: (incident: Incident) => void }) {
  const { said, copy } = useCopy()
  const banner = useMemo(() => bannerOf(overview), [overview])
  if (!banner) return null
  const { who, why, incident, letter } = banner
  return (
    <section className="calls-banner" aria-label={words.banner.region}>
      <span className="bad">
        <Icon name="err" />
      </span>
      <p>
        <span className="strong figures">{who}</span> {why}
      </p>
      <Button onClick={() => onShow(incident)}>{words.banner.show(incident.calls)}</Button>
      {letter && (
        <>
          <Button as="a" href={mailOf(letter)} icon={<Icon name="mail" />}>
            {words.banner.write}
          </Button>
          <IconButton
            icon={said === null ? 'copy' : said === words.copied ? 'check' : 'warn'}
            title={said ?? words.banner.copyMessage}
            onClick={() => copy(`${letter.subject}\n\n${letter.text}`)}
          />
        </>
      )}
    </section>
  )
}
