import {
  FluentProvider,
  type Theme,
  teamsDarkTheme,
  teamsHighContrastTheme,
  teamsLightTheme,
} from '@fluentui/react-components'
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import { findHost, type Host, inFrame, noHost } from './host.ts'
import { chooseTheme, type ThemeName, themeKey, themeOf } from './themes.ts'
import './shell.css'

/** Fluent's own list has no Open Sans, which stands in for Segoe UI where that is missing (design direction). */
const fontFamilyBase =
  "'Segoe UI', 'Segoe UI Web (West European)', -apple-system, BlinkMacSystemFont, 'Open Sans', Roboto, 'Liberation Sans', sans-serif"

const themes: Record<ThemeName, Theme> = {
  light: { ...teamsLightTheme, fontFamilyBase },
  dark: { ...teamsDarkTheme, fontFamilyBase },
  contrast: { ...teamsHighContrastTheme, fontFamilyBase },
}

const HostContext = createContext<Host>(noHost)
/** Where the page is shown. In Teams the host shows brand and user, so that we need not. */
export const useHost = (): Host => useContext(HostContext)

/**
 * The root of every page: Fluent with the theme of Teams, of the address (`?theme=light|dark|contrast`) or of the system, and
 * live changes of it. In a frame nothing is drawn before its theme is known: from the address, from the page before, or by the host's
 * answer, for which a second is waited at most.
 */
export function ThemeRoot({ children }: { children: ReactNode }) {
  const [host, setHost] = useState<Host | null>(() => (inFrame() ? likelyHost() : noHost))
  const name = chooseTheme({
    dark: useMedia('(prefers-color-scheme: dark)'),
    contrast: [useMedia('(prefers-contrast: more)'), useMedia('(forced-colors: active)')].includes(true),
    address: new URLSearchParams(window.location.search).get('theme'),
    host: host?.theme ?? null,
  })

  useEffect(() => (inFrame() ? findHost(setHost) : undefined), [])

  // The page's own background shows beside Fluent's root, for example while a panel is pulled past its end.
  useEffect(() => {
    document.documentElement.dataset.theme = name
    if (inFrame()) keepTheme(name)
  }, [name])

  if (!host) return null
  return (
    <HostContext value={host}>
      {/* Fluent gives its own class names to dialogs too, so the page's layout stands on an element inside. */}
      <FluentProvider theme={themes[name]} className="theme">
        <div className="root column">{children}</div>
      </FluentProvider>
    </HostContext>
  )
}

/** What `earlyTheme` has found comes from Teams: no other frame may show us. */
function likelyHost(): Host | null {
  const { theme } = document.documentElement.dataset
  return theme === undefined ? null : { teams: true, theme: themeOf(theme) }
}

function keepTheme(name: ThemeName): void {
  try {
    sessionStorage.setItem(themeKey, name)
  } catch {
    // A browser that keeps nothing in frames: the next page asks the host again.
  }
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const media = window.matchMedia(query)
      media.addEventListener('change', onChange)
      return () => media.removeEventListener('change', onChange)
    },
    () => window.matchMedia(query).matches,
  )
}
