import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { earlyTheme, themeKey, themeOf } from './themes.ts'

/** What a page is painted in before its scripts have come. */
function paintedFirst(search: string, kept?: string | Error) {
  const dataset: { theme?: string } = {}
  const getItem = (key: string) => {
    if (kept instanceof Error) throw kept
    return key === themeKey ? (kept ?? null) : null
  }
  const page = {
    URLSearchParams,
    location: { search },
    sessionStorage: { getItem },
    document: { documentElement: { dataset } },
  }
  runInNewContext(earlyTheme, page)
  return dataset.theme
}

it.each(['default', 'light', 'dark', 'contrast', 'glass', 'somethingNew'])(
  '%s, as Teams writes it into the address',
  (name) => {
    expect(paintedFirst(`?theme=${name}`)).toBe(themeOf(name))
  },
)

it('is that of the page before where the address says nothing', () => {
  expect(paintedFirst('', 'dark')).toBe('dark')
  expect(paintedFirst('?theme=contrast', 'dark')).toBe('contrast')
})

it('is left to the system where nobody says anything, or the browser keeps nothing', () => {
  expect(paintedFirst('')).toBeUndefined()
  expect(paintedFirst('', new Error('SecurityError'))).toBeUndefined()
})
