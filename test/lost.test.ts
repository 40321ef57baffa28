import { afterEach, describe, expect, inject, it } from 'vitest'
import { frontDesk } from '#flow/sample.ts'
import { openTelephone, type Telephone } from './telephone.ts'

/** Graph documents no repeat of a notification. Whatever of a call gets lost once, its caller is not left in silence. */
describe('a notification that gets lost', { timeout: 60_000 }, () => {
  const open: Telephone[] = []
  afterEach(async () => {
    for (const telephone of open.splice(0)) await telephone.close()
  })
  /** A telephone that loses what it is told to lose, from the first call on. */
  async function losing(on: object, times = 1): Promise<Telephone> {
    const telephone = await openTelephone(inject('postgresUrl'))
    open.push(telephone)
    await telephone.publish(frontDesk)
    await telephone.control('POST', '/faults', { on, times, do: { lose: true } })
    return telephone
  }

  it('that the call is established', async () => {
    const telephone = await losing({ notification: 'updated', resource: 'call', state: 'established' }, 2)
    const call = await telephone.dial()
    await call.hears('For sales', 25_000)
    await call.presses('2')
    await call.hears('Goodbye')
    await call.ends()
    expect(await call.requests()).toContain('call-get')
    expect((await call.history()).outcome).toBe('endedByFlow')
  })

  it('that a prompt has ended', async () => {
    const telephone = await losing({ notification: 'deleted', resource: 'operation' })
    const call = await telephone.dial()
    await call.hears('Welcome')
    await call.hears('For sales', 25_000)
    await call.hangsUp()
    await call.ends()
    expect(await call.requests()).toContain('call-get-operation')
  })

  it('that the call is over, after the bot hung up', async () => {
    const telephone = await losing({ notification: 'deleted', resource: 'call' })
    const call = await telephone.dial()
    await call.hears('For sales')
    await call.presses('2')
    await call.ends()
    expect((await call.history(30_000)).outcome).toBe('endedByFlow')
  })
})
