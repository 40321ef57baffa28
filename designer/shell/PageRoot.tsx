import { Component, createContext, type ReactNode, useContext, useSyncExternalStore } from 'react'
import { shellMessages } from '../messages/shell.ts'
import type { Me } from '../wire.ts'
import { api } from './api.ts'
import { ApiError } from './error.ts'
import { Failed, Loading } from './Notice.tsx'
import { PlainPage } from './PlainPage.tsx'
import { ThemeRoot } from './theme.tsx'
import { useKeptFocus } from './useKeptFocus.ts'
import { useLoaded } from './useLoaded.ts'

const MeContext = createContext<Me | null>(null)

/** Who is signed in. Only below a `PageRoot`. */
export function useMe(): Me {
  const me = useContext(MeContext)
  if (!me) throw new Error('useMe needs a PageRoot around it.')
  return me
}

/**
 * The root of every page: theme, the person, and words for when one of them is missing. All of it is drawn in the browser alone: what it
 * looks like depends on its theme and on Teams, which the server cannot know. Until then there is an empty page in the right colours.
 */
export function PageRoot({ children }: { children: ReactNode }) {
  const inBrowser = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  )
  if (!inBrowser) return <div className="empty-shell" aria-busy="true" />
  return (
    <ThemeRoot>
      <Boundary>
        <SignedIn>{children}</SignedIn>
      </Boundary>
    </ThemeRoot>
  )
}

function SignedIn({ children }: { children: ReactNode }) {
  useKeptFocus()
  const { value: me, error, reload } = useLoaded('me', api.me)
  if (me) return <MeContext value={me}>{children}</MeContext>
  if (!error) return <Loading />
  const code = error instanceof ApiError ? error.code : ''
  if (code === 'signInNeeded') return <SignInNeeded />
  if (code === 'foreignHost') return <PlainPage {...shellMessages.foreignHost} />
  return <Failed error={error} onAgain={reload} />
}

function SignInNeeded() {
  const { title, text, steps } = shellMessages.signIn
  return (
    <PlainPage title={title} text={text}>
      <ul>
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ul>
    </PlainPage>
  )
}

/** A mistake of ours in one page is told in words, not as a blank window. */
class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false }
  static getDerivedStateFromError = () => ({ broken: true })
  override render() {
    if (!this.state.broken) return this.props.children
    return <PlainPage {...shellMessages.broken} link={{ href: '', text: shellMessages.tryAgain }} />
  }
}
