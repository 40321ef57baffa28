import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { frontDesk } from '#flow/sample.ts'
import { openTelephone, type Telephone } from './telephone.ts'

/** Graph documents no repeat of a notification. Whatever of a call gets lost once, its caller is not left in silence. */
describe.concurrent('a notification that gets lost', { timeout: 40_000 }, () => {
  let telephone: Telephone
  beforeAll(async () => {
    // Time to say what is to be lost.
    const delays = { establishing: 500, established: 1, audioActive: 1, transferring: 1, terminated: 1, person: 1 }
    telephone = await openTelephone(inject('postgresUrl'), { delays })
    await telephone.publish(frontDesk)
  })
  afterAll(() => telephone.close())

  const caller = () => ({ user: { id: randomUUID(), displayName: 'Anna Berger' } })
  const lose = (callId: string, on: object, times = 1) =>
    telephone.control('POST', '/faults', { on: { callId, ...on }, times, do: { lose: true } })

  it('that the call is established', async () => {
    const call = await telephone.dial({ from: caller() })
    await lose(call.id, { notification: 'updated', resource: 'call', state: 'established' }, 2)
    await call.hears('For sales', 15_000)
    await call.presses('2')
    await call.hears('Goodbye')
    await call.ends()
    expect(await call.requests()).toContain('call-get')
    expect((await call.history()).outcome).toBe('endedByFlow')
  })

  it('that a prompt has ended', async () => {
    const call = await telephone.dial({ from: caller() })
    await lose(call.id, { notification: 'deleted', resource: 'operation' })
    await call.hears('Welcome')
    await call.hears('For sales', 25_000)
    await call.hangsUp()
    await call.ends()
    expect(await call.requests()).toContain('call-get-operation')
  })

  it('that the call is over, after the bot hung up', async () => {
    const call = await telephone.dial({ from: caller() })
    await call.hears('For sales')
    await lose(call.id, { notification: 'deleted', resource: 'call' })
    await call.presses('2')
    await call.ends()
    expect((await call.history(30_000)).outcome).toBe('endedByFlow')
  })
})
