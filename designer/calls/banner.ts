import { callsMessages as words } from '../messages/calls.ts'
import { shellMessages } from '../messages/shell.ts'
import { numberWords, timeOf } from '../shell/words.ts'
import type { CallOverview, Incident } from '../wire.ts'
import { explain } from './outcomes.ts'

export type Banner = {
  /** "3 of 44 callers not reached, all in Sales, since 8:52:" */
  who: string
  /** "the permission Calls.Initiate.All is missing." */
  why: string
  /** The one whose calls are shown: the most frequent. */
  incident: Incident
  /** A letter for whoever can mend it; null where no administrator is needed. */
  letter: { subject: string; text: string } | null
}

/** What is said over everything while callers are not reached; null if all are. */
export function bannerOf({ callers, incidents, most }: CallOverview): Banner | null {
  const [incident] = incidents
  if (!incident) return null
  const all = callers > most.callers ? words.moreThan(numberWords(most.callers)) : numberWords(callers)
  const sum = incidents.reduce((sum, { calls }) => sum + calls, 0)
  const place = incident.block?.name ? words.banner.inBlock(incident.block.name) : ''
  const since = timeOf(incident.since)
  const of = numberWords(incident.calls)
  const who =
    sum === 1
      ? words.banner.one(all, place, since)
      : incidents.length === 1
        ? words.banner.all(of, all, place, since)
        : words.banner.some(numberWords(sum), all, of, place, since)
  const { cause } = explain(incident.problem, incident.block?.kind)
  const others = incidents.length > 1 ? ` ${words.banner.moreCauses(incidents.length - 1)}` : ''
  return { who: who.replace(/ {2,}/g, ' '), why: `${cause}.${others}`, incident, letter: letterOf(incident, all) }
}

function letterOf({ calls, since, block, problem, flowId }: Incident, callers: string): Banner['letter'] {
  const { title, cause, todo, administrator } = explain(problem, block?.kind)
  if (!administrator) return null
  const { letter } = words
  const lines = [
    letter.hello,
    '',
    letter.what(numberWords(calls), callers, block?.name ?? '', timeOf(since)),
    letter.why(cause),
    '',
    letter.todo,
    ...todo.map((sentence, n) => `${n + 1}. ${sentence}`),
    '',
    letter.ids(flowId, problem),
  ]
  return { subject: letter.subject(shellMessages.product, title), text: lines.join('\n') }
}

/** Opens the letter in whatever writes mail on this machine. https://www.rfc-editor.org/rfc/rfc6068 */
export const mailOf = ({ subject, text }: { subject: string; text: string }): string =>
  `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(text.replaceAll('\n', '\r\n'))}`
