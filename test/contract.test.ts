import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { frontDesk } from '#flow/sample.ts'
import { contractChecker, contractIsHere } from './contract.ts'
import { openTelephone, type Telephone } from './telephone.ts'

/** Everything that goes over the wire in whole calls, held against the recorded contract. */
describe.skipIf(!contractIsHere)('what goes over the wire', () => {
  let telephone: Telephone
  type Traffic = {
    kind: string
    operation?: string
    callId?: string
    method?: string
    body?: unknown
    status?: number
    path?: string
  }
  let traffic: Traffic[]
  const caller = { user: { id: randomUUID(), displayName: 'Anna Berger' } }

  beforeAll(async () => {
    telephone = await openTelephone(inject('postgresUrl'))
    await telephone.publish(frontDesk)
    const supported = await telephone.dial({ from: caller })
    await supported.hears('For sales')
    await supported.presses('9')
    await supported.hears('This key')
    await supported.presses('2')
    await supported.hears('Goodbye')
    await supported.ends()
    for (const transfers of ['accept', 'decline'] as const) {
      const sold = await telephone.dial({ from: { phone: '+14255550142' }, transfers })
      await sold.hears('For sales')
      await sold.presses('1')
      await sold.ends()
    }
    const gone = await telephone.dial({ from: caller })
    await gone.hears('Welcome')
    await gone.hangsUp()
    await gone.ends()
    traffic = (await telephone.requests()) as Traffic[]
  })
  afterAll(() => telephone.close())

  it('every request of the bot validates', () => {
    const wrong = contractChecker()
    const sent = traffic.filter(
      ({ kind, operation, body }) => kind === 'request' && operation?.startsWith('call-') && body,
    )
    expect(new Set(sent.map(({ operation }) => operation))).toEqual(
      new Set([
        'call-answer',
        'call-subscribetotone',
        'call-playprompt',
        'call-cancelmediaprocessing',
        'call-transfer',
      ]),
    )
    for (const { operation, body } of sent) {
      expect(wrong(`requests.v1.json#/$defs/${operation}`, body), operation).toBeNull()
    }
  })

  it('every notification of the emulator validates', () => {
    const wrong = contractChecker()
    const notified = traffic.filter(({ kind }) => kind === 'notification')
    expect(notified.length).toBeGreaterThan(40)
    for (const { body } of notified) expect(wrong('notifications.emit.v1.json', body)).toBeNull()
  })

  it('the bot answered every notification with 202', () => {
    const statuses = traffic.filter(({ kind }) => kind === 'notification').map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([202]))
  })

  it('ids that the bot makes are random and say nothing about anybody', () => {
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
    const contexts = traffic.flatMap(({ body }) => {
      const context = (body as { clientContext?: unknown } | null)?.clientContext
      return typeof context === 'string' ? [context] : []
    })
    expect(contexts.length).toBeGreaterThan(10)
    expect(new Set(contexts).size).toBe(contexts.length)
    const known = new Set([caller.user.id, ...traffic.flatMap(({ callId }) => callId ?? [])])
    for (const context of contexts) {
      expect(context).toMatch(uuid)
      expect(known.has(context)).toBe(false)
    }
  })

  it('what Graph knows a prompt by is random too, and the same each time: no hash of its text', () => {
    const played = traffic
      .filter(({ kind, operation }) => kind === 'request' && operation === 'call-playprompt')
      .flatMap(({ body }) => (body as { prompts: { mediaInfo: { uri: string; resourceId: string } }[] }).prompts)
      .map(({ mediaInfo }) => mediaInfo)
    expect(played.length).toBeGreaterThan(4)
    for (const { resourceId } of played) {
      expect(resourceId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    }
    const pairs = new Set(played.map(({ uri, resourceId }) => `${uri} ${resourceId}`))
    expect(pairs.size).toBe(new Set(played.map(({ uri }) => uri)).size)
  })

  it('nothing that the bot sends names the caller', () => {
    const bodies = JSON.stringify(traffic.filter(({ kind }) => kind === 'request').map(({ body }) => body))
    for (const secret of ['Anna', '14255550142', caller.user.id]) expect(bodies).not.toContain(secret)
  })
})
