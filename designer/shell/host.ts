import { type ThemeName, themeOf } from './themes.ts'

/** The application that a page is shown in: Teams, or a browser by itself. */
export type Host = {
  teams: boolean
  /** What the host says; null: it says nothing, so the system's choice counts. */
  theme: ThemeName | null
}

export const noHost: Host = { teams: false, theme: null }
export const inFrame = (): boolean => window.parent !== window

/** How long a page in a frame stays empty for its host's theme. A frame of somebody else's never answers. */
const patienceMs = 1_000

/**
 * Asks the frame around this page whether it is Teams. TeamsJS is loaded only in a frame, so that a plain browser neither
 * waits for it nor carries it. `onHost` hears of the host, of its later changes of theme, and of none after a second; an
 * answer that comes later still counts.
 * @returns ends the listening
 */
export function findHost(onHost: (host: Host) => void): () => void {
  let here = true
  const tell = (host: Host) => {
    clearTimeout(late)
    if (here) onHost(host)
  }
  const late = setTimeout(tell, patienceMs, noHost)
  askTeams((theme) => tell({ teams: true, theme: themeOf(theme) })).catch(() => tell(noHost)) // a host that TeamsJS does not know
  return () => {
    here = false
    clearTimeout(late)
  }
}

async function askTeams(onTheme: (theme: string) => void): Promise<void> {
  const { app } = await import('@microsoft/teams-js')
  await app.initialize()
  const context = await app.getContext()
  app.registerOnThemeChangeHandler(onTheme)
  onTheme(context.app.theme)
  // Ends Teams' own loading indicator: from here on this page says in words what it is doing, also what has failed.
  app.notifyAppLoaded()
  app.notifySuccess()
}
