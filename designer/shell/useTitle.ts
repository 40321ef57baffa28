import { useEffect } from 'react'
import { shellMessages } from '../messages/shell.ts'

/** The window's title, where only the page knows it: a name first, so that it is told apart among many tabs. */
export function useTitle(name: string): void {
  useEffect(() => {
    document.title = shellMessages.titleOf(name)
  }, [name])
}
