import { chatMessages } from '../messages/index.ts'
import type { Answer } from './adapter.ts'

export type Answering = { called: string | null; flow: string; version: number }

/** What the bot answers: who it is, and which flow answers calls. It greets once, when it is added. */
export function createAnswer(deps: { answering(): Promise<Answering[]>; designerUrl: string | null }): Answer {
  return async (activity) => {
    const added = activity.type === 'installationUpdate' && activity.action === 'add'
    if (activity.type !== 'message' && !added) return []
    const last = deps.designerUrl ? [chatMessages.whereToDraw(deps.designerUrl)] : []
    return [[chatMessages.whoIAm, ...(await whatAnswers(deps.answering)), ...last].join('\n\n')]
  }
}

/** As many are named: a message has 28 kB at most, and nobody reads a thousand lines. */
const mostNamed = 50

async function whatAnswers(answering: () => Promise<Answering[]>): Promise<string[]> {
  try {
    const routes = await answering()
    if (routes.length === 0) return [chatMessages.nothingAnswers]
    const named = routes
      .slice(0, mostNamed)
      .map(({ called, flow, version }) =>
        called === null ? chatMessages.answers(flow, version) : chatMessages.answersFor(called, flow, version),
      )
    return routes.length > mostNamed ? [...named, chatMessages.more(routes.length - mostNamed)] : named
  } catch {
    return [chatMessages.notNow]
  }
}
