import * as z from 'zod'
import type { LiveCall } from '#communications/calling/call.ts'
import { sameId } from '#communications/inbound/notifications.ts'
import { describeResult } from '#communications/wire/results.ts'
import type { Participant } from '#communications/wire/types.ts'
import { type BotSettings, startBot } from './botServer.ts'

const NewCall = z.strictObject({ people: z.array(z.guid()).min(2).max(5), subject: z.string().optional() })
const Who = z.strictObject({ callId: z.string(), person: z.guid() })

type GroupCall = { id: string; people: string[]; outcome: string | null }

const userOf = ({ info }: Participant): string => info?.identity?.user?.id ?? ''

/**
 * Brings people together in a group call, says who joins, mutes one, and leaves with the last or after `longestMs`.
 * Sounds: joined, and the name of each person by their object id, where there is one.
 *
 * Unlike Microsoft's GroupCallBot it keeps the roster and says each name once, however often Graph tells the roster; calls are made
 * only for who has the key; and how a call ended is told, not dropped.
 */
export async function startGroupCall(settings: BotSettings & { key: string; longestMs?: number }) {
  const { key, app, audio, longestMs = 60 * 60_000 } = settings
  const calls = new Map<string, GroupCall>()

  async function bringTogether(body: unknown) {
    const { people, subject } = NewCall.parse(body)
    const targets = people.map((id) => ({ user: { id } }))
    const call = await bot.calling.place({ tenantId: app.tenantId, targets, ...(subject && { subject }) })
    const one: GroupCall = { id: call.id, people: [], outcome: null }
    calls.set(call.id, one)
    call.on('roster', ({ added }) => {
      one.people = [...call.roster.values()].map(userOf).filter(Boolean)
      return announce(call, added)
    })
    call.on('ended', ({ resultInfo }) => {
      one.outcome = describeResult(resultInfo ?? {}, 'call').words
    })
    call.once('established', () => call.until('ended', longestMs).catch(() => call.hangUp()))
    return one
  }

  /** Who comes hears it too. The bot itself is in the roster as well, and is no user. */
  async function announce(call: LiveCall, added: Participant[]) {
    const sounds = added
      .map(userOf)
      .filter(Boolean)
      .flatMap((id) => [...(audio.has(id) ? [id] : []), 'joined'])
    if (sounds.length === 0) return
    await call.until('mediaActive')
    await bot.say(call, ...sounds)
  }

  async function mute(body: unknown) {
    const { callId, person } = Who.parse(body)
    const call = bot.calling.get(callId)
    const participant = [...(call?.roster ?? [])].find(([, one]) => sameId(userOf(one), person))
    if (!call || !participant) return { muted: false }
    await call.muteParticipant(participant[0])
    return { muted: true }
  }

  const bot = await startBot(settings, {
    key,
    routes: {
      'POST /groupCalls': bringTogether,
      'POST /groupCalls/mute': mute,
      'GET /groupCalls': () => [...calls.values()],
    },
  })
  return bot
}
