import { afterAll, describe, expect, it } from 'vitest'
import { wav } from '../testing/testBot.ts'
import { contractIsThere, contractValidator } from '../testing/testContract.ts'
import { appId, prompts, startLine, tenantId } from '../testing/testLine.ts'

const line = await startLine()
afterAll(() => line.close())

it('signs as the calling service: one token for several notifications, for this app and tenant, five minutes', async () => {
  await line.dialAndAnswer()
  await line.heard(4)
  const [first, ...rest] = line.bot.heard
  expect(first?.claims).toMatchObject({ iss: 'https://api.botframework.com', aud: appId, tid: tenantId })
  expect((first?.claims.exp ?? 0) - (first?.claims.iat ?? 0)).toBe(300)
  expect(first?.header).toMatchObject({ alg: 'RS256', kid: first?.header.x5t })
  expect(rest.every(({ claims }) => claims.iat === first?.claims.iat)).toBe(true)
})

it('can sign with a new key, which the bot finds', async () => {
  const before = line.bot.heard.at(-1)?.header.kid
  const { body } = await line.request<{ calls: string }>('POST', '/emulator/keys/rotate')
  const count = line.bot.heard.length
  await line.dial()
  await line.heard(count + 1)
  expect(line.bot.heard.at(-1)?.header.kid).toBe(body.calls)
  expect(body.calls).not.toBe(before)
})

it('can sign as the other issuer that Microsoft’s sample accepts', async () => {
  const other = await startLine({ issuer: 'https://graph.microsoft.com' })
  await other.dial()
  await other.heard(1)
  expect(other.bot.heard[0]?.claims.iss).toBe('https://graph.microsoft.com')
  await other.close()
})

describe.runIf(contractIsThere)('compared with the contract', () => {
  it('sends nothing but what the contract lets it emit', async () => {
    await line.reset()
    line.bot.files.set('/ok.wav', { bytes: wav({ ms: 10 }) })
    line.bot.files.set('/bad.wav', { bytes: wav({ rate: 8000 }) })
    line.bot.files.set('/long.wav', { bytes: wav({ ms: 60_000 }) })
    const target = { transferTarget: { identity: { user: { id: '550fae72-d251-43ec-868c-373732c2704f' } } } }

    const first = await line.dialAndAnswer({ transfers: 'decline' })
    await line.graph('POST', `/${first}/subscribeToTone`, {})
    await line.request('POST', `/emulator/calls/${first}/tones`, { tones: '0123456789*#abcd!', gapMs: 0 })
    for (const file of ['/ok.wav', '/bad.wav', '/none.wav', '/long.wav']) {
      await line.graph('POST', `/${first}/playPrompt`, { prompts: prompts(file), clientContext: file })
    }
    await line.until(first, (entry) => entry.kind === 'prompt' && entry.clientContext === '/long.wav')
    await line.graph('POST', `/${first}/cancelMediaProcessing`, {})
    await line.graph('POST', `/${first}/transfer`, target)
    await line.until(first, (entry) => entry.kind === 'transfer' && entry.outcome === 'decline')
    await line.graph('DELETE', `/${first}`)
    const second = await line.dialAndAnswer({ from: { phone: '+14255550123' } })
    await line.graph('POST', `/${second}/transfer`, target)
    const third = await line.dial({ to: { applicationInstance: { id: '3d913abb-aec0-4964-8fa6-3c6850c4f278' } } })
    await line.graph('POST', `/${third}/reject`, {})
    const consulted = await line.dialAndAnswer()
    const original = await line.dialAndAnswer()
    await line.graph('POST', `/${consulted}/transfer`, {
      transferTarget: { ...target.transferTarget, replacesCallId: original },
    })
    await line.until(original, (entry) => entry.kind === 'ended')
    await line.heard(50)

    const validate = contractValidator('notifications.emit.v1.json')
    for (const { body } of line.bot.heard) {
      expect(validate(body), `${JSON.stringify(validate.errors)} ${JSON.stringify(body)}`).toBe(true)
    }
    const kinds = new Set(
      line.news().map((one) => one.replace(/tone\d|star|pound|flash| [abcd]@/, ' tone').replace(/@\d+/, '')),
    )
    expect(kinds.size).toBeGreaterThan(14)
    expect(line.bot.heard.length).toBeGreaterThanOrEqual(50)
  })
})
