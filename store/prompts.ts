import { randomUUID } from 'node:crypto'
import { type Connection, isId } from './connection.ts'

type PromptSummary = { publicId: string; durationMs: number; text: string }
export type NewPrompt = { key: string; text: string; voice: string; wav: Uint8Array; durationMs: number }
type PromptWav = { tenantId: string; text: string; durationMs: number; wav: Uint8Array }

/** Prompts that have been spoken, by key: the hash of all that decides how they sound. */
export function createPrompts({ sql }: Connection) {
  return {
    /** Those of the keys that are there. */
    async find(tenantId: string, keys: Iterable<string>): Promise<Map<string, PromptSummary>> {
      const rows = await sql<{ key: string } & PromptSummary>(
        `select key, public_id as "publicId", duration_ms as "durationMs", text from prompts
         where tenant_id = $1 and key = any($2)`,
        [tenantId, [...keys]],
      )
      return new Map(rows.map(({ key, ...prompt }) => [key, prompt]))
    },

    /** Keeps a prompt. A key that is there already stays as it is. @returns the id that its address ends in */
    async save(tenantId: string, { key, text, voice, wav, durationMs }: NewPrompt): Promise<string> {
      const [row] = await sql<{ public_id: string }>(
        // An update to the same, because a conflict that does nothing would return nothing.
        `insert into prompts (id, public_id, tenant_id, key, text, voice, wav, duration_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (tenant_id, key) do update set key = excluded.key
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
