import type { Flow } from '#flow/flow.ts'
import { kindOf } from '#flow/kinds.ts'
import { endWords, explain } from '../calls/outcomes.ts'
import { phoneMessages as words } from '../messages/phone.ts'
import { numberWords } from '../shell/words.ts'
import type { End, Line } from './view.ts'
import type { Wait } from './waiting.ts'

/** One line of a call, as people read it. Names of people and blocks come from the flow that was dialled. */
export function lineWords(line: Line, flow: Flow, person: string | null): string {
  const name = person ?? words.transfer.somebody
  switch (line.kind) {
    case 'said':
      return line.text ?? words.unknownText
    case 'pressed':
      return words.pressed(line.keys, line.meaning)
    case 'recorded':
      return line.silent ? words.recording.silence : words.recording.done(numberWords(Math.round(line.ms / 1000)))
    case 'again':
      if (line.reason === 'noInput') return words.askedAgain.noInput(line.seconds)
      return line.reason === 'invalid' ? words.askedAgain.invalid : words.askedAgain.other
    case 'transfer':
      return line.outcome === null ? words.transfer.ringing(name) : words.transfer[line.outcome](name)
    case 'redirected': {
      const who = line.name ?? words.transfer.somebody
      return line.outcome === null ? words.transfer.ringing(who) : words.transfer[line.outcome](who)
    }
    case 'blockFailed':
      return words
        .blockFailed(
          flow.blocks[line.block ?? '']?.name ?? '',
          explain(line.problem, kindOf(flow.blocks[line.block ?? '']?.type ?? '')).title,
        )
        .trim()
    case 'serviceFailed':
      return words.serviceFailed[line.what] ?? line.what
  }
}

/** What comes of it when nobody presses a key. */
export function afterWords({ after }: Wait, flow: Flow): string {
  if (after.type !== 'goes') return words.after[after.type]
  const to = after.to === null ? undefined : flow.blocks[after.to]
  return to ? words.after.goes(to.name) : words.after.ends
}

/** Who ended the call, and why. */
export function endedWords(end: End, person: string | null): string {
  if (end.by === 'transferred') return words.ended.transferred(person ?? words.transfer.somebody)
  if (end.by === 'redirected') {
    return end.taken ? words.ended.redirected(end.name ?? words.transfer.somebody) : words.ended.redirectedInVain
  }
  if (end.by !== 'service') return words.ended[end.by]
  const why = endWords(end.code, end.subcode)
  return why === null ? words.ended.service : `${why}.`
}
