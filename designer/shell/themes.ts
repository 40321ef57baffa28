export type ThemeName = 'light' | 'dark' | 'contrast'

/** From Teams' name of a theme, or the one in an address, to ours. Glass and themes that we do not know take dark. */
export function themeOf(name: string): ThemeName {
  if (name === 'default' || name === 'light') return 'light'
  return name === 'contrast' ? 'contrast' : 'dark'
}

/** What a person has chosen, the weightiest last: the system, `?theme=` in the address, the host. */
export function chooseTheme(choices: {
  dark: boolean
  contrast: boolean
  address: string | null
  host: ThemeName | null
}): ThemeName {
  if (choices.host) return choices.host
  if (choices.address) return themeOf(choices.address)
  if (choices.contrast) return 'contrast'
  return choices.dark ? 'dark' : 'light'
}

/** Where the theme of the frame around us is kept from one page to the next. */
export const themeKey = 'theme'

/**
 * For the head of every page, before anything is painted: the theme that the address names, as Teams writes it there, or that the page
 * before had. Without it a dark Teams shows white until its answer comes. It runs by itself, so it holds the code of `themeOf`.
 */
export const earlyTheme = `try {
  const name = new URLSearchParams(location.search).get('theme') ?? sessionStorage.getItem('${themeKey}')
  if (name) document.documentElement.dataset.theme = (${themeOf})(name)
} catch {}`
