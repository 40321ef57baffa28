import * as z from 'zod'
import type { LiveCall } from '#communications/calling/call.ts'
import { isOnlyTheEnd } from '#communications/calling/operations.ts'
import { GraphError } from '#communications/road/error.ts'
import { describeResult } from '#communications/wire/results.ts'
import { realClock, sleep } from '#ground/clock.ts'
import { type Bot, type BotSettings, startBot, unless } from './botServer.ts'

const Person = z.union([
  z.strictObject({ user: z.strictObject({ id: z.guid() }) }),
  z.strictObject({ phone: z.strictObject({ id: z.string().regex(/^\+[1-9]\d{4,14}$/) }) }),
])
const NewReminders = z.strictObject({ people: z.array(Person).min(1).max(50) })

type Outcome = 'calling' | 'confirmed' | 'later' | 'notConfirmed' | 'notReached' | 'failed'
type Reminder = { id: string; person: z.output<typeof Person>; outcome: Outcome; words: string; missed: number }

/** How long a telephone rings. */
const ringMs = 60_000

/**
 * Calls people, users and telephones, with a reminder: 1 confirms, 2 asks for it again later. Sounds: reminder, confirmed, later.
 *
 * Unlike Microsoft's ReminderBot it waits for a key (a voicemail confirms nothing), calls again who was not reached, once, whether
 * they declined or did not hear (no public page tells the two apart), and says in plain words what became of each; and only who has
 * the key may have people called.
 */
export async function startReminder(
  settings: BotSettings & {
    key: string
    /** Object id of the resource account that telephones are called from. */
    instance: string
    /** How long until it calls again. */
    againMs?: number
  },
) {
  const { key, app, instance, clock = realClock, againMs = 5 * 60_000, onError } = settings
  const reminders: Reminder[] = []

  function begin(body: unknown) {
    const begun = NewReminders.parse(body).people.map(
      (person): Reminder => ({ id: crypto.randomUUID(), person, outcome: 'calling', words: 'Calling.', missed: 0 }),
    )
    reminders.push(...begun)
    for (const reminder of begun) void remind(reminder)
    return begun
  }

  async function remind(reminder: Reminder) {
    const isOpen = () => reminder.outcome === 'later' || (reminder.outcome === 'notReached' && reminder.missed < 2)
    try {
      await callOnce(reminder)
      while (isOpen()) {
        await sleep(clock, againMs, bot.stopping)
        if (bot.stopping.aborted) return
        await callOnce(reminder)
      }
    } catch (error) {
      // What Graph did not answer may have rung all the same, so nobody is called again for an error.
      if (reminder.outcome === 'calling') Object.assign(reminder, { outcome: 'failed', words: wordsOf(error) })
      if (!isOnlyTheEnd(error)) onError(error)
    }
  }

  async function callOnce(reminder: Reminder) {
    const { person } = reminder
    Object.assign(reminder, { outcome: 'calling', words: 'Calling.' })
    const source = 'phone' in person ? { source: { applicationInstance: { id: instance } } } : {}
    const call = await bot.calling.place({ tenantId: app.tenantId, targets: [person], ...source })
    await speak(bot, call, reminder).finally(() => call.hangUp())
  }

  const bot = await startBot(settings, {
    key,
    routes: { 'POST /reminders': begin, 'GET /reminders': () => reminders },
  })
  return bot
}

async function speak(bot: Bot, call: LiveCall, reminder: Reminder) {
  const became = (outcome: Outcome, words: string) => Object.assign(reminder, { outcome, words })
  const answered = await call.until('mediaActive', ringMs).then(() => true, unless('callEnded', 'timeout'))
  if (!answered) {
    reminder.missed += 1
    const { words } = describeResult(call.ended?.resultInfo ?? {}, 'call')
    return became('notReached', call.ended ? words : 'It rang, and nobody answered.')
  }
  await call.subscribeToTone()
  const pressed = await bot.ask(call, 'reminder').catch(unless('callEnded'))
  if (pressed?.tone === 'tone1') {
    became('confirmed', 'Confirmed.')
    return bot.say(call, 'confirmed')
  }
  if (pressed?.tone === 'tone2') {
    became('later', 'Wants to be reminded again.')
    return bot.say(call, 'later')
  }
  const { words } = describeResult(call.ended?.resultInfo ?? {}, 'call')
  return became('notConfirmed', call.ended ? words : 'Pressed neither 1 nor 2.')
}

/** Why nobody was called, or the call could not be spoken into. Sentences of the client hold nothing personal. */
function wordsOf(error: unknown): string {
  if (error instanceof GraphError && error.subcode !== null) {
    return describeResult({ code: error.status, subcode: error.subcode }, 'request').words
  }
  return error instanceof Error ? error.message : 'It failed.'
}
