import { useState } from 'react'
import { versionsMessages as words } from '../messages/versions.ts'
import { api } from '../shell/api.ts'

/** A version, or a draft that was put aside: that has no number. */
export type VersionRef = { id: string; number: number | null }

/** What is asked before it is done. `discard` puts what callers hear in the place of the draft. */
export type Asked = { kind: 'restore' | 'rollBack' | 'discard'; version: VersionRef | null }

type News = { text: string; undo?: () => void }

export const nameOf = ({ number }: VersionRef): string => (number === null ? words.keptName : words.name(number))

/** The ways back: what is asked, what has been done, and how it is taken back. */
export function useVersionActions(flowId: string, onChange: () => void) {
  const [asked, setAsked] = useState<(Asked & { open: boolean }) | null>(null)
  const [news, setNews] = useState<News | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const ask = (next: Asked) => setAsked({ ...next, open: true })
  const close = () => setAsked((last) => last && { ...last, open: false })

  function done(news: News) {
    close()
    setFailure(null)
    setNews(news)
    onChange()
  }

  /** Puts a version in the place of the draft at this revision, and offers to put back what stood there. */
  async function restore(version: VersionRef, revision: number, text: string) {
    const { before, revision: now } = await api.restoreVersion(flowId, version.id, revision)
    const undo = () => api.restoreVersion(flowId, before, now).then(() => done({ text: words.undone }), setFailure)
    done({ text, undo: () => void undo() })
  }

  async function rollBack({ number: to }: VersionRef) {
    if (to === null) return
    const { number } = await api.rollBack(flowId, String(to))
    done({ text: words.rollBack.done(number, to) })
  }

  return {
    asked,
    news,
    /** Why the last thing could not be taken back. */
    failure,
    close,
    askRestore: (version: VersionRef) => ask({ kind: 'restore', version }),
    askRollBack: (version: VersionRef) => ask({ kind: 'rollBack', version }),
    askDiscard: () => ask({ kind: 'discard', version: null }),
    restore,
    rollBack,
  }
}

export type VersionActions = ReturnType<typeof useVersionActions>
