import type { ReactNode } from 'react'
import { shellMessages } from '../messages/shell.ts'
import { AppBar, type Section } from './AppBar.tsx'
import { BackLink } from './BackLink.tsx'

type Props = {
  section: Section
  /** Of a page below the one that stands in the bar. */
  title?: string
  back?: { href: string; title: string }
  beside?: ReactNode
  onHelp?: () => void
  children: ReactNode
}

/** What a page of the bar looks like: the bar, its heading with what stands beside it, and what it is for below. */
export function SectionPage(props: Props) {
  const { section, title = shellMessages.sections[section], back, beside, onHelp, children } = props
  return (
    <>
      <AppBar current={section} onHelp={onHelp} />
      <main className="page">
        <div className="page-column column">
          <div className="page-title row">
            {back && <BackLink {...back} />}
            <h1>{title}</h1>
            <span className="space" />
            {beside}
          </div>
          {children}
        </div>
      </main>
    </>
  )
}
