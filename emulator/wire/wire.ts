import type { Clock } from '#ground/clock.ts'
import type { Settings } from '../settings.ts'
import { isVirtual } from '../virtualClock.ts'
import { createActivity } from './activity.ts'
import { createChat } from './chat.ts'
import { createDelivery, type Post } from './delivery.ts'
import { createAccessTokens } from './entra.ts'
import { createFaults } from './faults.ts'
import { createKeySet } from './keys.ts'
import { Traffic } from './traffic.ts'
import { createUsers } from './users.ts'

/** What goes in and out: who may ask, what is told to bots, what is written down of it and what goes wrong on the way. */
export type Wire = ReturnType<typeof createWire>

type Deps = {
  settings: Settings
  clock: Clock
  /** In place of sockets. */
  post?: Post | undefined
  drop: Parameters<typeof createFaults>[0]['drop']
}

export function createWire({ settings, clock, post, drop }: Deps) {
  const activity = createActivity()
  if (isVirtual(clock)) clock.watch(activity, post ? 0 : settings.settleMs)
  const entraKeys = createKeySet()
  const callKeys = createKeySet()
  const messageKeys = createKeySet({ endorsements: ['msteams'] })
  const tokens = createAccessTokens({ clock, keys: entraKeys })
  const users = createUsers(
    settings.users.map((user) => ({ ...user, tenantId: user.tenantId ?? settings.apps[0]?.tenantId ?? '' })),
  )
  const traffic = new Traffic(clock)
  const faults = createFaults({ clock, drop })
  const chat = createChat()
  const delivery = createDelivery({ settings, clock, keys: callKeys, traffic, faults, activity, post })
  return {
    activity,
    entraKeys,
    callKeys,
    messageKeys,
    tokens,
    users,
    traffic,
    faults,
    chat,
    delivery,
    async rotateKeys() {
      const [calls, messages] = await Promise.all([callKeys.rotate(), messageKeys.rotate()])
      delivery.forgetTokens()
      return { calls, messages }
    },
    forget() {
      for (const part of [users, faults, traffic, chat]) part.forget()
    },
  }
}
