import * as z from 'zod'
import type { LiveCall } from '#communications/calling/call.ts'
import { isOnlyTheEnd } from '#communications/calling/operations.ts'
import { parseJoinUrl, parseMeetingId } from '#communications/requests/joinUrl.ts'
import { type Bot, type BotSettings, startBot, unless } from './botServer.ts'

const Meeting = z.union([
  z.strictObject({ joinUrl: z.string() }),
  z.strictObject({ meetingId: z.string(), passcode: z.string().optional() }),
])
const NewIncident = z.strictObject({ meeting: Meeting, responders: z.array(z.guid()).min(1).max(50) })
const Which = z.strictObject({ id: z.string() })

/** `unwilling`: heard it and did not press 1, such as a voicemail. `cancelled`: the bridge was closed first. */
const outcomes = ['waiting', 'joined', 'unwilling', 'notReached', 'cancelled', 'failed'] as const
type Outcome = (typeof outcomes)[number]

/** How long a telephone rings. */
const ringMs = 60_000

/**
 * Joins the meeting of an incident and calls all responders at once; who presses 1 is moved into the meeting.
 * Sounds: incident ("…, press 1 to join"), failed.
 *
 * Unlike Microsoft's IncidentBot it knows by the end of the invitation, and not by its beginning, who has joined; one who cannot be
 * called keeps nobody else waiting; no telephone rings on after the bridge is closed; and only who has the key may raise an incident.
 */
export async function startIncidentBridge(settings: BotSettings & { key: string }) {
  const incidents = new Map<string, Incident>()

  async function raise(body: unknown) {
    const { meeting, responders } = NewIncident.parse(body)
    const { tenantId } = settings.app
    const join =
      'joinUrl' in meeting
        ? parseJoinUrl(meeting.joinUrl, { tenantId })
        : parseMeetingId(meeting.meetingId, meeting.passcode, { tenantId })
    const bridge = await bot.calling.place({ ...join, tenantId: join.tenantId ?? tenantId })
    const incident = { bridge, responders: new Map<string, Outcome>(responders.map((id) => [id, 'waiting'])) }
    incidents.set(bridge.id, incident)
    // Not before the bot has come through the lobby: until then it can bring nobody in.
    bridge.once('mediaActive', () =>
      Promise.all(
        responders.map(async (id) => incident.responders.set(id, await summon({ bot, settings, bridge, id }))),
      ),
    )
    bridge.once('ended', () => {
      for (const [id, outcome] of incident.responders) {
        if (outcome === 'waiting') incident.responders.set(id, 'cancelled')
      }
    })
    return { id: bridge.id }
  }

  async function close(body: unknown) {
    await incidents.get(Which.parse(body).id)?.bridge.hangUp()
    return {}
  }

  const bot = await startBot(settings, {
    key: settings.key,
    routes: { 'POST /incidents': raise, 'POST /incidents/close': close, 'GET /incidents': () => report(incidents) },
  })
  return bot
}

type Incident = { bridge: LiveCall; responders: Map<string, Outcome> }

/** How many of each, as long as the program runs. */
const report = (incidents: ReadonlyMap<string, Incident>) =>
  [...incidents].map(([id, { bridge, responders }]) => {
    const count = (wanted: Outcome) => [...responders.values()].filter((outcome) => outcome === wanted).length
    return { id, open: !bridge.ended, ...Object.fromEntries(outcomes.map((outcome) => [outcome, count(outcome)])) }
  })

type Summons = { bot: Bot; settings: BotSettings; bridge: LiveCall; id: string }

/** Calls one responder, and brings them into the meeting if they want to. */
async function summon(summons: Summons): Promise<Outcome> {
  const { bot, settings, bridge, id } = summons
  try {
    const call = await bot.calling.place({ tenantId: settings.app.tenantId, targets: [{ user: { id } }] })
    const off = bridge.once('ended', () => call.hangUp())
    if (bridge.ended) await call.hangUp()
    return await invite(summons, call).finally(() => {
      off()
      return call.hangUp()
    })
  } catch (error) {
    if (bridge.ended) return 'cancelled'
    if (!isOnlyTheEnd(error)) settings.onError(error)
    return 'failed'
  }
}

async function invite({ bot, bridge, id }: Summons, call: LiveCall): Promise<Outcome> {
  const answered = await call.until('mediaActive', ringMs).then(() => true, unless('callEnded', 'timeout'))
  if (!answered) return bridge.ended ? 'cancelled' : 'notReached'
  await call.subscribeToTone()
  const pressed = await bot.ask(call, 'incident').catch(unless('callEnded'))
  if (pressed?.tone !== 'tone1') return bridge.ended ? 'cancelled' : 'unwilling'
  try {
    await bridge.invite({ participants: [{ party: { user: { id } }, replacesCallId: call.id }] })
  } catch (error) {
    await bot.say(call, 'failed')
    throw error
  }
  // Graph ends the call that they came from; only if it should not, the bot does.
  await call.until('ended', 10_000).catch(unless('timeout'))
  return 'joined'
}
