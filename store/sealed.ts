import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto'
import { BoundedMap } from '#ground/boundedMap.ts'
import type { Connection } from './connection.ts'
import { StoreError } from './error.ts'

export type Sealed = ReturnType<typeof createSealed>

/** Where sealed bytes stand: they open nowhere else. `row` is what names the row in its table, its id mostly. */
export type Place = { table: string; column: string; row: string }

const cipher = 'aes-256-gcm'
/** What stands before the sealed bytes: the form, the id of the data key, then nonce and tag of AES-GCM (NIST SP 800-38D: 96 and 128 bits). */
const form = 1
const [idBytes, nonceBytes, tagBytes] = [16, 12, 16]
const mostTenants = 1_000

type DataKey = { id: string; key: Buffer }

/**
 * Seals what nobody may read who only has the database: AES-256-GCM by a data key of the tenant's own, which stands in the database
 * wrapped by a key from the environment. Sealed bytes carry the id of their data key, and open only for the same tenant, table, column
 * and row.
 * @param dataKey the setting DATA_KEY: 32 random bytes in base64, or several with commas between. The first wraps; data keys that
 *   another one of them has wrapped are wrapped anew when they are used next. Null: nothing is sealed and nothing opened.
 */
export function createSealed({ sql }: Pick<Connection, 'sql'>, dataKey: string | null) {
  const outer = (dataKey?.split(',') ?? []).map((text) => outerKey(Buffer.from(text.trim(), 'base64')))
  const known = new BoundedMap<string, DataKey>(mostTenants)

  /** @throws StoreError `noDataKey`, `otherDataKey`, `unavailable` */
  async function dataKeyOf(tenantId: string): Promise<DataKey | null> {
    const there = known.use(tenantId) ?? (await readKey(tenantId))
    if (there) known.set(tenantId, there)
    return there
  }

  async function readKey(tenantId: string): Promise<DataKey | null> {
    const [first] = outer
    if (!first) throw new StoreError('noDataKey')
    const [row] = await sql<{ id: string; wrapped: Buffer; by: string }>(
      'select id, wrapped, wrapped_by as "by" from data_keys where tenant_id = $1',
      [tenantId],
    )
    if (!row) return null
    const wrapper = outer.find(({ id }) => id === row.by)
    if (!wrapper) throw new StoreError('otherDataKey')
    const place = wrapPlace(tenantId, row.id)
    const key = decrypt(wrapper.key, place, row.wrapped)
    if (wrapper !== first) {
      await sql('update data_keys set wrapped = $3, wrapped_by = $4 where tenant_id = $1 and id = $2', [
        tenantId,
        row.id,
        encrypt(first.key, place, key),
        first.id,
      ])
    }
    return { id: row.id, key }
  }

  return {
    /** False without DATA_KEY: then `seal` and `unseal` refuse, and nothing is ever kept plain in their place. */
    ready: outer.length > 0,

    /**
     * Bytes that only `unseal` with the same tenant and place gives back; 45 more than were given.
     * @throws StoreError `noDataKey`, `otherDataKey`, `unavailable`
     */
    async seal(tenantId: string, place: Place, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
      if (!(await dataKeyOf(tenantId))) await makeKey(sql, tenantId, outer[0])
      const dataKey = await dataKeyOf(tenantId)
      if (!dataKey) throw new Error('The data key that was made a moment ago is gone.')
      const head = Buffer.concat([Buffer.of(form), idAsBytes(dataKey.id)])
      return Uint8Array.from(Buffer.concat([head, encrypt(dataKey.key, placeOf(tenantId, place), bytes)]))
    },

    /** @throws StoreError `noDataKey`, `otherDataKey`; `notSealed` for what was changed, or was sealed elsewhere; `unavailable` */
    async unseal(tenantId: string, place: Place, sealed: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
      const dataKey = await dataKeyOf(tenantId)
      const head = 1 + idBytes
      const isOurs =
        dataKey &&
        sealed[0] === form &&
        sealed.byteLength >= head + nonceBytes + tagBytes &&
        idAsBytes(dataKey.id).equals(sealed.subarray(1, head))
      if (!isOurs) throw new StoreError('notSealed')
      return Uint8Array.from(decrypt(dataKey.key, placeOf(tenantId, place), sealed.subarray(head)))
    },
  }
}

/** Another process may be quicker, and then its key counts: whoever made one reads which it is. */
async function makeKey(sql: Connection['sql'], tenantId: string, outer: OuterKey | undefined): Promise<void> {
  if (!outer) throw new StoreError('noDataKey')
  const id = randomUUID()
  const wrapped = encrypt(outer.key, wrapPlace(tenantId, id), randomBytes(32))
  await sql(
    'insert into data_keys (id, tenant_id, wrapped, wrapped_by) values ($1, $2, $3, $4) on conflict (tenant_id) do nothing',
    [id, tenantId, wrapped, outer.id],
  )
}

type OuterKey = ReturnType<typeof outerKey>

/** A key from the environment, named by its hash, so that the row says which one opens it. */
const outerKey = (key: Buffer) => ({ id: createHash('sha256').update(key).digest('hex').slice(0, 16), key })

/** As JSON, so that no two places are spelled the same. */
const placeOf = (tenantId: string, { table, column, row }: Place) =>
  Buffer.from(JSON.stringify([tenantId, table, column, row]))
const wrapPlace = (tenantId: string, id: string) =>
  placeOf(tenantId, { table: 'data_keys', column: 'wrapped', row: id })

const idAsBytes = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex')

function encrypt(key: Buffer, place: Buffer, bytes: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes)
  const sealing = createCipheriv(cipher, key, nonce).setAAD(place)
  const text = Buffer.concat([sealing.update(bytes), sealing.final()])
  return Buffer.concat([nonce, sealing.getAuthTag(), text])
}

/** @throws StoreError `notSealed` */
function decrypt(key: Buffer, place: Buffer, sealed: Uint8Array): Buffer {
  const [nonce, tag] = [sealed.subarray(0, nonceBytes), sealed.subarray(nonceBytes, nonceBytes + tagBytes)]
  const opening = createDecipheriv(cipher, key, nonce, { authTagLength: tagBytes }).setAAD(place).setAuthTag(tag)
  try {
    return Buffer.concat([opening.update(sealed.subarray(nonceBytes + tagBytes)), opening.final()])
  } catch (cause) {
    throw new StoreError('notSealed', {}, { cause })
  }
}
