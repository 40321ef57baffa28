import type { Budget } from '../budget.ts'
import { type Ask, type BlockAsk, maxPromptsPerPlay } from '../talk.ts'
import type { Variables } from '../values.ts'
import type { Saying } from './saying.ts'

/**
 * What a block asks for, with the values in its prompts put into words. Nothing to say is a play without prompts: whoever runs the
 * block has said that already.
 * @throws FlowError `expressionFailed`, `tooMuch`
 */
export const inWords = (
  asks: readonly BlockAsk[],
  sayings: ReadonlyMap<string, Saying>,
  variables: Variables,
  budget: Budget,
): Ask[] => asks.flatMap((ask) => (ask.type === 'play' ? filled(ask, sayings, variables, budget) : [ask]))

function filled(
  { prompts, names }: Extract<BlockAsk, { type: 'play' }>,
  sayings: ReadonlyMap<string, Saying>,
  variables: Variables,
  budget: Budget,
): Ask[] {
  if (!prompts.some((text) => sayings.has(text))) return [{ type: 'play', prompts }]
  const values = names ? { ...variables, ...names } : variables
  const texts = prompts.flatMap((text) => sayings.get(text)?.fill(values, budget) ?? [text])
  const plays: Ask[] = []
  for (let from = 0; from === 0 || from < texts.length; from += maxPromptsPerPlay) {
    const to = from + maxPromptsPerPlay
    plays.push({
      type: 'play',
      prompts: texts.slice(from, to),
      fresh: true,
      ...(to < texts.length && { more: true }),
      ...(from > 0 && { behind: texts.slice(0, from) }),
    })
  }
  return plays
}
