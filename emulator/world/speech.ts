import type { Conversation } from './call.ts'
import { legsOf } from './conversation.ts'
import type { World } from './world.ts'

/** Somebody speaks into the conversation. */
export function speak(
  { clock, settings }: World,
  conversation: Conversation,
  durationMs: number,
  samples: Int16Array | null,
): void {
  const from = clock.now()
  const speech = { from, to: from + durationMs / settings.playbackSpeed, samples }
  const { speeches } = conversation
  speeches.push(speech)
  // A recording lasts two minutes at most.
  while (speeches[0] && speeches[0].to < from - 180_000) speeches.shift()
  for (const leg of legsOf(conversation)) leg.transcript.add({ kind: 'spoke', durationMs })
  for (const listener of [...conversation.listeners]) listener({ kind: 'speech', speech })
}

/** What was spoken is of no use to anybody any more. */
export function forgetSpeech({ speeches }: Conversation): void {
  speeches.length = 0
}
