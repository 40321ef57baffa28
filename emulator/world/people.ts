import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import type { IdentitySet } from '#communications/wire/types.ts'
import { normalId } from '#ground/ids.ts'
import { Refusal } from '../wire/refusal.ts'
import { type PlainIdentity, plainIdentity } from './identity.ts'
import type { TransferOutcome } from './transcript.ts'

/** What people do when the bot calls them (`onCall`) or sends a caller to them (`onTransfer`), and how long they take. */
export const personSchema = z.strictObject({
  /** Object id of a user, or a number in E.164. */
  id: z.string().min(1),
  onTransfer: z.enum(['accept', 'decline', 'noAnswer', 'ask']).optional(),
  /** Also when the bot invites them or a caller is redirected to them. `ask`: the telephone rings until the control API says. */
  onCall: z.enum(['accept', 'decline', 'noAnswer', 'ask']).optional(),
  afterMs: z.number().int().min(0).max(3_600_000).optional(),
})
export type Person = z.output<typeof personSchema>

/** A telephone that rings until somebody at the control API says what its owner does. */
export type Ring = { id: string; callId: string; identity: PlainIdentity; what: 'call' | 'invite' | 'redirect' }
type Waiting = Ring & { decide: (outcome: TransferOutcome) => void }

export type People = ReturnType<typeof createPeople>

export function createPeople() {
  const people = new Map<string, Person>()
  const ringing = new Map<string, Waiting>()
  return {
    put: (person: Person) => void people.set(normalId(person.id), person),
    find: (id: string | null | undefined): Person | undefined => (id ? people.get(normalId(id)) : undefined),
    /** A telephone begins to ring; the result stops it. */
    ring(
      { callId, identity, what }: { callId: string; identity: IdentitySet; what: Ring['what'] },
      decide: (outcome: TransferOutcome) => void,
    ): () => void {
      const id = randomUUID()
      ringing.set(id, { id, callId, what, identity: plainIdentity(identity), decide })
      return () => ringing.delete(id)
    },
    /** The telephones that ring now. */
    rings: (): Ring[] => [...ringing.values()].map(({ decide: _, ...ring }) => ring),
    /** Throws a Refusal 404 when that telephone does not ring (any more). */
    decide(id: string, outcome: TransferOutcome): void {
      const ring = ringing.get(id)
      if (!ring) {
        throw new Refusal(404, 'nothingRings', 'No telephone of that id rings.', {
          next: 'GET /emulator/rings lists them.',
        })
      }
      ringing.delete(id)
      ring.decide(outcome)
    },
    forget(): void {
      people.clear()
      ringing.clear()
    },
  }
}
