import { randomUUID } from 'node:crypto'
import { storableText } from '#ground/storableText.ts'
import { type Connection, isId } from './connection.ts'
import { StoreError } from './error.ts'
import type { CallsChanged } from './historyBatch.ts'
import type { Sealed } from './sealed.ts'

/** What a caller has said into a recording. `wav` as Graph gave it; `spokenMs` is how long something is to be heard in it. */
export type NewMessage = {
  id: string
  tenantId: string
  /** Our id of the call. */
  callId: string
  flowId: string
  versionId: string
  block: string
  caller: { name: string | null; id: string | null }
  called: string | null
  at: Date
  spokenMs: number
  wav: Uint8Array
}

export type MessageRow = {
  id: string
  callId: string
  flowId: string
  flowName: string | null
  test: boolean
  callerName: string | null
  callerId: string | null
  at: Date
  durationMs: number
  doneAt: Date | null
  doneBy: string | null
  /** The latest first, so many of them at most. */
  listens: { by: string; at: string }[]
}

type MessageSetting = { keeps: boolean; days: number }

const usually: MessageSetting = { keeps: false, days: 30 }
const mostListens = 20
/** Who deletes a message can take it back for so long. */
const deletedFor = '1 day'
/** A browser asks for a file in pieces: so soon after the last time it is the same listening. */
const sameListening = '1 minute'

const placeOf = (row: string) => ({ table: 'messages', column: 'wav', row })

/**
 * Messages that callers have left (voicemail), kept only where the tenant's switch says so, sealed at rest. Changes are told to those
 * who listen for calls.
 */
export const createMessages = ({ sql }: Pick<Connection, 'sql'>, sealed: Sealed) => ({
  ...createSwitch(sql, sealed),
  ...createMailbox(sql, sealed),
  ...createDeeds(sql),
})

type Sql = Connection['sql']

/** Of what was left in a call those hear who listen for calls. */
export const tell = (sql: Sql, tenantId: string, callId: string) => {
  const news: CallsChanged = { tenantId, callIds: [callId] }
  return sql(`select pg_notify('calls', $1)`, [JSON.stringify(news)])
}

/** Whether messages are kept, and for how many days; callbacks are kept as long. */
export async function settingOf(sql: Sql, tenantId: string): Promise<MessageSetting> {
  const [row] = await sql<MessageSetting>('select keeps, days from message_settings where tenant_id = $1', [tenantId])
  return row ?? usually
}

const createSwitch = (sql: Sql, sealed: Sealed) => ({
  /** False without DATA_KEY. */
  canKeep: sealed.ready,

  setting: (tenantId: string): Promise<MessageSetting> => settingOf(sql, tenantId),

  keeps: async (tenantId: string): Promise<boolean> => (await settingOf(sql, tenantId)).keeps,

  /** What is kept already stays until its days are over. @throws StoreError `noDataKey`: nothing could be sealed, so nothing is kept */
  async set(tenantId: string, { keeps, days }: MessageSetting, by: string): Promise<void> {
    if (keeps && !sealed.ready) throw new StoreError('noDataKey')
    await sql(
      `insert into message_settings (tenant_id, keeps, days, changed_by) values ($1, $2, $3, $4)
       on conflict (tenant_id) do update set keeps = $2, days = $3, changed_by = $4, changed_at = now()`,
      [tenantId, keeps, days, by],
    )
  },
})

const createMailbox = (sql: Sql, sealed: Sealed) => ({
  /** Again is no harm. @throws StoreError `noDataKey`, `otherDataKey`, `unavailable` */
  async add({ id, tenantId, callId, caller, called, spokenMs, wav, ...rest }: NewMessage): Promise<void> {
    const { flowId, versionId, block, at } = rest
    const text = (given: string | null) => (given ? storableText(given) : null)
    await sql(
      `insert into messages
         (id, tenant_id, call_id, flow_id, version_id, block, caller_name, caller_id, called, at, duration_ms, wav)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (id) do nothing`,
      [
        ...[id, tenantId, callId, flowId, versionId, block, text(caller.name), text(caller.id), text(called)],
        ...[at, spokenMs, Buffer.from(await sealed.seal(tenantId, placeOf(id), wav))],
      ],
    )
    await tell(sql, tenantId, callId)
  },

  /** So many at most, the latest first. */
  list: (tenantId: string, limit: number): Promise<MessageRow[]> => sql<MessageRow>(latest, [tenantId, limit]),

  /** How many are not done. */
  async open(tenantId: string): Promise<number> {
    const [row] = await sql<{ count: number }>(
      'select count(*)::int as count from messages where tenant_id = $1 and done_at is null and deleted_at is null',
      [tenantId],
    )
    return row?.count ?? 0
  },

  /** The sound (WAV), for whoever listens now: that is written down. @throws StoreError `notFound`, and those of `unseal` */
  async listen(tenantId: string, id: string, by: string): Promise<Uint8Array<ArrayBuffer>> {
    const [row] = isId(id) ? await sql<{ wav: Buffer; callId: string }>(soundOf, [tenantId, id]) : []
    if (!row) throw new StoreError('notFound', { what: 'message' })
    const wav = await sealed.unseal(tenantId, placeOf(id), row.wav)
    const written = await sql(writeListening, [randomUUID(), tenantId, id, by])
    if (written.length > 0) await tell(sql, tenantId, row.callId)
    return wav
  },
})

function createDeeds(sql: Sql) {
  /** Changes one message. @throws StoreError `notFound` */
  async function change(tenantId: string, id: string, set: string, values: unknown[] = []): Promise<void> {
    const text = `update messages set ${set} where tenant_id = $1 and id = $2 returning call_id as "callId"`
    const [row] = isId(id) ? await sql<{ callId: string }>(text, [tenantId, id, ...values]) : []
    if (!row) throw new StoreError('notFound', { what: 'message' })
    await tell(sql, tenantId, row.callId)
  }

  return {
    /** @throws StoreError `notFound`, as each of these */
    setDone: (tenantId: string, id: string, done: boolean, by: string): Promise<void> =>
      done
        ? change(tenantId, id, 'done_at = now(), done_by = $3', [by])
        : change(tenantId, id, 'done_at = null, done_by = null'),

    remove: (tenantId: string, id: string, by: string): Promise<void> =>
      change(tenantId, id, 'deleted_at = now(), deleted_by = $3', [by]),

    restore: (tenantId: string, id: string): Promise<void> =>
      change(tenantId, id, 'deleted_at = null, deleted_by = null'),

    /** Removes for good what is older than the tenant's days, or was deleted a day ago; so many at most. Gives how many. */
    async forgetOld(tenantId: string, most: number): Promise<number> {
      const { days } = await settingOf(sql, tenantId)
      return (await sql(forgetMessages, [tenantId, days, most])).length
    },
  }
}

const soundOf = `select wav, call_id as "callId" from messages where tenant_id = $1 and id = $2 and deleted_at is null`

const writeListening = `
  insert into message_listens (id, tenant_id, message_id, by) select $1, $2, $3, $4 where not exists (
    select from message_listens
    where tenant_id = $2 and message_id = $3 and by = $4 and at > now() - interval '${sameListening}'
  ) returning id`

const forgetMessages = `
  delete from messages where tenant_id = $1 and id in (
    select id from messages where tenant_id = $1
      and (at < now() - make_interval(days => $2) or deleted_at < now() - interval '${deletedFor}') limit $3
  ) returning id`

const latest = `
  select m.id, m.call_id as "callId", m.flow_id as "flowId", f.name as "flowName", coalesce(c.test, false) as test,
    m.caller_name as "callerName", m.caller_id as "callerId", m.at, m.duration_ms as "durationMs",
    m.done_at as "doneAt", m.done_by as "doneBy",
    (select coalesce(json_agg(json_build_object('by', l.by, 'at', l.at) order by l.at desc), '[]') from (
       select by, at from message_listens where tenant_id = $1 and message_id = m.id order by at desc limit ${mostListens}
     ) l) as listens
  from messages m
  left join flows f on f.tenant_id = $1 and f.id = m.flow_id
  left join calls c on c.tenant_id = $1 and c.id = m.call_id
  where m.tenant_id = $1 and m.deleted_at is null
  order by m.at desc, m.id desc limit $2`
