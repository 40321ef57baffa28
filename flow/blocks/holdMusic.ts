import * as z from 'zod'
import { silencing } from '../asking.ts'
import { BlockIssue, defineBlock, leave, type Outcome, stay, type Turn } from '../block.ts'
import { KeyOptions, uniqueKeys } from '../keypad.ts'
import { growsTo } from '../keyReader.ts'
import { keysMeanwhile, notBegun, type Sounding } from '../keysMeanwhile.ts'
import { Prompt, quoted } from '../prompt.ts'
import { maxPromptsPerPlay } from '../talk.ts'
import { hasValues } from '../text.ts'

const settings = z.object({
  prompts: z.array(Prompt).min(1).max(maxPromptsPerPlay).meta({ control: 'prompts' }),
  intervalSeconds: z.int().min(0).max(300).default(0).meta({ control: 'number' }),
  maxSeconds: z.int().min(1).max(3_600).default(300).meta({ control: 'number' }),
  options: z.array(KeyOptions.element).max(12).default([]).meta({ control: 'options', section: 'keys' }),
  typeAhead: z.boolean().default(true).meta({ control: 'switch', more: true }),
})

/** Until when it goes on, in milliseconds since 1970; `last`: the timer that runs is the one that ends it. */
type Held = Sounding & { readonly until: number; readonly last: boolean }
const nothing: Held = { until: 0, playing: false, last: true, ...notBegun }

/**
 * Plays messages or music again and again, with a pause in between, until a key that leads out of it is pressed or the longest time is
 * over. Other keys disturb nobody.
 */
export const holdMusic = defineBlock({
  type: 'holdMusic',
  category: 'speak',
  icon: 'music',
  settings,
  defaults: { prompts: [''] },
  exits: ({ options }) => [
    ...uniqueKeys(options).map(({ key, label }) => ({ name: key, key, label })),
    { name: 'maxTime' },
  ],
  hearsKeys: ({ options }) => options.length > 0,
  summary: ({ prompts }) => quoted(prompts[0] ?? ''),
  open({ prompts, intervalSeconds, maxSeconds, options, typeAhead }, { anywhere = [] }) {
    const own = options.map(({ key }) => key)
    const twice = own.find((key, n) => own.indexOf(key) !== n)
    if (twice !== undefined) throw new BlockIssue('options', 'keyTwice', twice)
    const slowed = own.filter((key) => growsTo(own, key))
    // Where values may have nothing to say, it would be said again and again in no time.
    const pauseMs = Math.max(intervalSeconds, prompts.every(hasValues) ? 1 : 0) * 1000
    const keys = keysMeanwhile<Held>(own, anywhere, {
      does: (_, { playing }, key, typed) => leave(key, { asks: silencing(playing), typed }),
      resume: ({ now }, { until }) => soundOn(until, now),
    })

    const sound = (until: number, now: number): Outcome<Held> => ({
      asks: [{ type: 'play', prompts }, timerOf(until - now)],
      again: true,
      data: { ...nothing, until, playing: true },
    })
    const soundOn = (until: number, now: number) => (until > now ? sound(until, now) : leave('maxTime'))

    function rest(data: Held, now: number): Outcome<Held> {
      const left = data.until - now
      if (left <= 0 || pauseMs === 0) return soundOn(data.until, now)
      const asks = [timerOf(Math.min(pauseMs, left))]
      return stay({ asks, data: { ...data, playing: false, last: left <= pauseMs } })
    }

    return {
      prompts,
      keys: [...options, ...keys.uses],
      silence: { ms: pauseMs, field: 'intervalSeconds' },
      ...(own.length > 0 && { asks: true as const }),
      ...(slowed.length > 0 && { slowed }),
      step(turn: Turn<Held>) {
        const { event, data = nothing, typed, now } = turn
        switch (event.type) {
          case 'entered': {
            const kept = typeAhead ? typed : ''
            // Who knows the way is not held up.
            const ahead = keys.ahead(turn, data, kept)
            return ahead ?? { ...sound(now + maxSeconds * 1000, now), listen: keys.any, typed: kept }
          }
          case 'promptFinished':
            return data.playing ? rest(data, now) : undefined
          case 'keysTyped':
            return keys.typed(turn, data)
          case 'timerElapsed': {
            const further = keys.timeUp(turn, data)
            if (further) return further
            return data.last ? leave('maxTime', { asks: silencing(data.playing) }) : sound(data.until, now)
          }
        }
      },
    }
  },
})

const timerOf = (ms: number) => ({ type: 'startTimer', timer: 'block', ms }) as const
