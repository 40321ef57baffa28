import { useEffect, useState } from 'react'

/** Which one of a page's things is shown stands in the address of the page, so that others may be led there. */
export function usePicked(page: string): [string | null, (id: string) => void] {
  const [chosen, setChosen] = useState(() => new URLSearchParams(location.search).get('id'))
  function choose(id: string) {
    history.replaceState(null, '', `/${page}?id=${encodeURIComponent(id)}`)
    setChosen(id)
  }
  return [chosen, choose]
}

/** The browser asks before what is not saved is lost. */
export function useUnsavedWarning(isNeeded: boolean) {
  useEffect(() => {
    if (!isNeeded) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [isNeeded])
}
