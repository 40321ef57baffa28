import { randomBytes, randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { specStore } from '#test/store.ts'
import { openConnection } from './connection.ts'
import { createSealed, type Place } from './sealed.ts'

const spec = specStore()
const newKey = () => randomBytes(32).toString('base64')
const sealedBy = (dataKey: string | null) => createSealed(openConnection(spec.databaseUrl, 2), dataKey)
const place: Place = { table: 'messages', column: 'wav', row: randomUUID() }
const words = new TextEncoder().encode('Please call me back about the crown.')

describe('what is sealed', () => {
  it('opens in its place, and says nothing by itself', async () => {
    const tenantId = randomUUID()
    const { seal, unseal } = sealedBy(newKey())
    const sealed = await seal(tenantId, place, words)
    expect(Buffer.from(sealed).includes('crown')).toBe(false)
    expect(sealed.byteLength).toBe(words.byteLength + 45)
    expect(await unseal(tenantId, place, sealed)).toEqual(words)
    // Nor does the key in the database, without that of the environment.
    const { rows } = await spec.sql('select wrapped from data_keys where tenant_id = $1', [tenantId])
    expect(rows).toHaveLength(1)
    expect(rows[0].wrapped.byteLength).toBe(32 + 12 + 16)
  })

  it('is another each time', async () => {
    const tenantId = randomUUID()
    const { seal } = sealedBy(newKey())
    expect(await seal(tenantId, place, words)).not.toEqual(await seal(tenantId, place, words))
  })

  it('may be empty', async () => {
    const tenantId = randomUUID()
    const { seal, unseal } = sealedBy(newKey())
    expect(await unseal(tenantId, place, await seal(tenantId, place, new Uint8Array()))).toEqual(new Uint8Array())
  })

  it.each([
    ['table', { ...place, table: 'secrets' }],
    ['column', { ...place, column: 'note' }],
    ['row', { ...place, row: randomUUID() }],
    // No two places are spelled the same, whatever their names hold.
    ['spelling', { table: 'messages","wav', column: 'wav', row: place.row }],
  ])('does not open in another %s', async (_, other) => {
    const tenantId = randomUUID()
    const { seal, unseal } = sealedBy(newKey())
    const sealed = await seal(tenantId, place, words)
    await expect(unseal(tenantId, other, sealed)).rejects.toMatchObject({ code: 'notSealed' })
  })

  it('does not open for another tenant, not even with its key', async () => {
    const [mine, theirs] = [randomUUID(), randomUUID()]
    const { seal, unseal } = sealedBy(newKey())
    const sealed = await seal(theirs, place, words)
    await expect(unseal(mine, place, sealed)).rejects.toMatchObject({ code: 'notSealed' })
    await seal(mine, place, words)
    await expect(unseal(mine, place, sealed)).rejects.toMatchObject({ code: 'notSealed' })
  })

  it('does not open when a single bit of it was changed, or some of it is missing', async () => {
    const tenantId = randomUUID()
    const { seal, unseal } = sealedBy(newKey())
    const sealed = await seal(tenantId, place, words)
    for (let n = 0; n < sealed.byteLength; n += 1) {
      const changed = sealed.map((byte, at) => (at === n ? byte ^ 1 : byte))
      await expect(unseal(tenantId, place, changed)).rejects.toMatchObject({ code: 'notSealed' })
      await expect(unseal(tenantId, place, sealed.subarray(0, n))).rejects.toMatchObject({ code: 'notSealed' })
    }
  })
})

describe('the key from the environment', () => {
  it('is needed: without it nothing is sealed, and nothing kept plain instead', async () => {
    const { ready, seal, unseal } = sealedBy(null)
    expect(ready).toBe(false)
    await expect(seal(randomUUID(), place, words)).rejects.toMatchObject({
      code: 'noDataKey',
      message: expect.stringContaining('DATA_KEY'),
    })
    await expect(unseal(randomUUID(), place, words)).rejects.toMatchObject({ code: 'noDataKey' })
  })

  it('opens nothing when it is another', async () => {
    const tenantId = randomUUID()
    const sealed = await sealedBy(newKey()).seal(tenantId, place, words)
    const other = sealedBy(newKey())
    await expect(other.unseal(tenantId, place, sealed)).rejects.toMatchObject({ code: 'otherDataKey' })
    await expect(other.seal(tenantId, place, words)).rejects.toMatchObject({ code: 'otherDataKey' })
  })

  it('is changed by putting a new one before it: what was sealed opens, and soon the old one is needed no more', async () => {
    const tenantId = randomUUID()
    const [old, fresh] = [newKey(), newKey()]
    const sealed = await sealedBy(old).seal(tenantId, place, words)
    expect(await sealedBy(`${fresh}, ${old}`).unseal(tenantId, place, sealed)).toEqual(words)
    expect(await sealedBy(fresh).unseal(tenantId, place, sealed)).toEqual(words)
    await expect(sealedBy(old).unseal(tenantId, place, sealed)).rejects.toMatchObject({ code: 'otherDataKey' })
  })

  it('makes one data key, however many begin at once', async () => {
    const tenantId = randomUUID()
    const key = newKey()
    const sealed = await Promise.all([1, 2, 3, 4].map(() => sealedBy(key).seal(tenantId, place, words)))
    const { unseal } = sealedBy(key)
    for (const one of sealed) expect(await unseal(tenantId, place, one)).toEqual(words)
  })
})
