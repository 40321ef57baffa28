import * as z from 'zod'
import { defineBlock, type KeyUse, leave, stay, type Turn } from '../block.ts'
import { Keys } from '../keypad.ts'
import { OptionalPrompt, quoted, spoken } from '../prompt.ts'
import { recordLimits } from '../talk.ts'
import { hasValues } from '../text.ts'

/**
 * The file is fetched before callers hear what follows, so that they are told the truth of it; but nobody waits in silence for a slow
 * one, which then comes behind their back.
 */
const fetchMs = 2_500

const seconds = z.int().min(recordLimits.minSeconds).max(recordLimits.maxSeconds)

const settings = z.object({
  prompt: OptionalPrompt.default('').meta({ control: 'multiline' }),
  beep: z.boolean().default(true).meta({ control: 'switch' }),
  maxSeconds: seconds.default(recordLimits.maxSeconds).meta({ control: 'seconds' }),
  silenceSeconds: seconds.default(5).meta({ control: 'seconds' }),
  stopKeys: Keys.max(12).default('#').meta({ control: 'keys' }),
  firstSeconds: seconds.default(5).meta({ control: 'seconds', more: true }),
  minSeconds: z.int().min(0).max(30).default(1).meta({ control: 'seconds', more: true }),
})

/** `owed`: a key has ended the message, and the telephone has not told of that key yet. */
type Data = { owed: boolean }

/**
 * Records what the caller says (voicemail). Keys that are pressed while it does belong to it; those after its end to the block that
 * follows. Who hears it later is not the flow's business: the tenant says whether messages are kept.
 */
export const recordMessage = defineBlock({
  type: 'recordMessage',
  category: 'ask',
  icon: 'voicemail',
  permissions: ['Calls.AccessMedia.All'],
  settings,
  // Graph itself listens for the keys that end a recording: the flow hears none.
  defaults: {},
  exits: () => [{ name: 'recorded' }, { name: 'noAudio' }, { name: 'tooShort', optional: true, fallback: 'noAudio' }],
  summary: ({ prompt }) => quoted(prompt),
  open({ prompt, stopKeys, minSeconds, ...how }) {
    const leastMs = minSeconds * 1000
    // Graph takes one prompt with a recording, and one that says values has several pieces: it is played before.
    const saysValues = hasValues(prompt)
    const record = (prompts: string[]) => ({ type: 'record', prompts, stopKeys, leastMs, ...how }) as const
    const isStop = (key: string) => stopKeys.includes(key)
    const ending = (typed: string, { owed }: Data) => {
      if (!owed) return {}
      const at = [...typed].findIndex(isStop)
      return at < 0 ? { swallow: stopKeys } : { typed: typed.slice(0, at) + typed.slice(at + 1) }
    }
    return {
      prompts: spoken(prompt),
      keys: [...stopKeys].map((key): KeyUse => ({ key, does: 'done' })),
      records: true,
      step({ event, data, typed }: Turn<Data>) {
        switch (event.type) {
          case 'entered':
            return stay({
              asks: [saysValues ? { type: 'play', prompts: spoken(prompt) } : record(spoken(prompt))],
              typed: '',
            })
          case 'promptFinished':
            return data === undefined && saysValues ? stay({ asks: [record([])], again: true, typed: '' }) : undefined
          case 'nothingSaid':
            return leave('noAudio', { typed: '' })
          case 'recordingEnded':
            return stay({
              asks: [{ type: 'takeRecording' }, { type: 'startTimer', timer: 'block', ms: fetchMs }],
              again: true,
              data: { owed: event.byKey && ![...typed].some(isStop) },
              typed: '',
            })
          case 'recordingTaken': {
            if (data === undefined) return
            const { spokenMs } = event
            const exit = spokenMs === 0 ? 'noAudio' : spokenMs < leastMs ? 'tooShort' : 'recorded'
            return leave(exit, { ...ending(typed, data), detail: { seconds: Math.round(spokenMs / 1000) } })
          }
          case 'timerElapsed':
            return data && leave('recorded', ending(typed, data))
          case 'failed':
            if (event.command !== 'record') return undefined
            // One that was not answered may be under way, and what is said next would wait behind it.
            return leave('error', { asks: [{ type: 'cancelMedia' }], detail: { problem: event.problem } })
        }
      },
    }
  },
})
