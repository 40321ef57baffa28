import { randomUUID } from 'node:crypto'
import { type Connection, isId } from './connection.ts'

type PromptSummary = { publicId: string; durationMs: number; text: string }
export type NewPrompt = { key: string; text: string; voice: string; wav: Uint8Array; durationMs: number }
type PromptWav = { tenantId: string; text: string; durationMs: number; wav: Uint8Array }

/** Prompts that have been spoken, by key: the hash of all that decides how they sound. */
export function createPrompts({ sql }: Connection) {
  return {
    /** Those of the keys that are there. That they were needed is written down, for `forgetUnused`. */
    async find(tenantId: string, keys: Iterable<string>): Promise<Map<string, PromptSummary>> {
      const rows = await sql<{ key: string } & PromptSummary>(finding, [tenantId, [...keys]])
      return new Map(rows.map(({ key, ...prompt }) => [key, prompt]))
    },

    /** Removes audio that nobody has needed since that moment, some at a time. @returns how many */
    async forgetUnused(tenantId: string, before: Date, most: number): Promise<number> {
      const rows = await sql(
        `delete from prompts where id in (select id from prompts where tenant_id = $1 and used_at < $2 limit $3)
         and used_at < $2 returning id`,
        [tenantId, before, most],
      )
      return rows.length
    },

    /** Keeps a prompt. A key that is there already stays as it is. @returns the id that its address ends in */
    async save(tenantId: string, { key, text, voice, wav, durationMs }: NewPrompt): Promise<string> {
      const [row] = await sql<{ public_id: string }>(
        // An update, because a conflict that does nothing would return nothing.
        `insert into prompts (id, public_id, tenant_id, key, text, voice, wav, duration_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (tenant_id, key) do update set used_at = now()
         returning public_id`,
        [randomUUID(), randomUUID(), tenantId, key, text, voice, Buffer.from(wav), durationMs],
      )
      if (!row) throw new Error('PostgreSQL returned no row for a prompt that it has inserted.')
      return row.public_id
    },

    /**
     * By the unguessable id alone, the one question that has no tenant in it: Teams fetches prompts from a public address, and
     * whoever has it may listen. Null if there is none.
     */
    async wav(publicId: string): Promise<PromptWav | null> {
      if (!isId(publicId)) return null
      const [row] = await sql<PromptWav>(
        `select tenant_id as "tenantId", text, duration_ms as "durationMs", wav from prompts where public_id = $1`,
        [publicId],
      )
      return row ?? null
    },
  }
}

/** Once a day is enough, so that a flow whose prompts are all there is read and not written. */
const finding = `
  with found as (
    select id, key, public_id as "publicId", duration_ms as "durationMs", text, used_at from prompts
    where tenant_id = $1 and key = any($2)
  ), used as (
    update prompts set used_at = now() from found
    where prompts.id = found.id and found.used_at < now() - interval '1 day'
  )
  select key, "publicId", "durationMs", text from found`
