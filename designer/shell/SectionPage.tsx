import type { ReactNode } from 'react'
import { shellMessages } from '../messages/shell.ts'
import { AppBar, type Section } from './AppBar.tsx'

/** What a page of the bar looks like: the bar, its heading with what stands beside it, and what it is for below. */
export function SectionPage(props: { section: Section; beside?: ReactNode; onHelp?: () => void; children: ReactNode }) {
  const { section, beside, onHelp, children } = props
  return (
    <>
      <AppBar current={section} onHelp={onHelp} />
      <main className="page">
        <div className="page-column column">
          <div className="page-title row">
            <h1>{shellMessages.sections[section]}</h1>
            <span className="space" />
            {beside}
          </div>
          {children}
        </div>
      </main>
    </>
  )
}
