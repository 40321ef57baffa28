import { Button } from '@fluentui/react-components'
import { useEffect, useState } from 'react'
import { shellMessages } from '../messages/shell.ts'
import { errorWords } from './words.ts'

/** Nothing at first, so that what comes at once does not blink; then a word. */
export function Loading() {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(setLate, 400, true)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="notice quiet" role="status">
      {late && shellMessages.loading}
    </div>
  )
}

/** What could not be loaded, why, and the way to try again. */
export function Failed({ error, onAgain }: { error: unknown; onAgain: () => void }) {
  return (
    <div className="notice" role="alert">
      <p className="strong">{shellMessages.failed.title}</p>
      <p>{errorWords(error)}</p>
      <Button onClick={onAgain}>{shellMessages.tryAgain}</Button>
    </div>
  )
}
