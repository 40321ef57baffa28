import { useState } from 'react'
import { isDefault } from '#flow/routing.ts'
import { answersMessages as words } from '../messages/answers.ts'
import { api } from '../shell/api.ts'
import { errorWords } from '../shell/words.ts'
import type { RouteItem } from '../wire.ts'
import type { Hours } from './ruleWords.ts'

/** What the page shows: the rules, and the hours and flows that one can choose from. */
export type Answers = { rules: RouteItem[]; hours: Hours; flows: { id: string; name: string }[] }

/** What somebody wants to do: a new rule, the one without conditions, or something with a rule that is there. */
export type Asked = { what: 'add' | 'default' } | { what: 'edit' | 'remove'; rule: RouteItem; line: string }

export async function loadAnswers(signal: AbortSignal): Promise<Answers> {
  const [rules, calendars, flows] = await Promise.all([
    api.routes(signal),
    api.calendars(signal),
    publishedFlows(signal),
  ])
  return { rules, flows, hours: new Map(calendars.map(({ id, calendar }) => [id, calendar])) }
}

/** All that have a version, page by page. */
async function publishedFlows(signal: AbortSignal) {
  const found: Answers['flows'] = []
  for (let after: string | null = ''; after !== null; ) {
    const page = await api.flows({ sort: 'name', ...(after !== '' && { after }) }, signal)
    for (const { id, name, published } of page.flows) if (published !== null) found.push({ id, name })
    after = page.next
  }
  return found
}

/** The order is changed at once on the screen, and put back where that could not be kept. */
export function useOrder(loaded: readonly RouteItem[], onChanged: () => void) {
  const [moved, setMoved] = useState<{ from: readonly RouteItem[]; rules: readonly RouteItem[] } | null>(null)
  const [said, setSaid] = useState('')
  const rules = moved?.from === loaded ? moved.rules : loaded

  async function move(id: string, by: 1 | -1) {
    const lines = rules.filter((rule) => !isDefault(rule))
    const at = lines.findIndex((rule) => rule.id === id)
    const rule = lines[at]
    if (!rule || at + by < 0 || at + by >= lines.length) return
    const after = lines.toSpliced(at, 1).toSpliced(at + by, 0, rule)
    setMoved({ from: loaded, rules: [...after, ...rules.filter(isDefault)] })
    setSaid(words.moved(at + by + 1))
    try {
      await api.orderRoutes(after.map((one) => one.id))
    } catch (error) {
      setMoved(null)
      setSaid(words.failed(errorWords(error)))
    }
    onChanged()
  }
  return { rules, said, move: (id: string, by: 1 | -1) => void move(id, by) }
}
