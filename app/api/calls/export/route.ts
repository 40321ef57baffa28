import * as z from 'zod'
import { callItems } from '#app/server/callItem.ts'
import { CallQuery, wantedOf } from '#app/server/callQuery.ts'
import { queryOf, respond } from '#app/server/respond.ts'
import { csvHead, csvLines, lineOf } from '#designer/calls/csv.ts'
import { callsMessages } from '#designer/messages/calls.ts'
import type { Found, Wanted } from '#store/callSearch.ts'

const pageSize = 1_000
/** As many lines as the spreadsheets in use can hold, with room to spare. */
const mostExported = 100_000

const Query = CallQuery.extend({
  /** Of the reader, by whose clock times are told: Europe/Vienna. */
  zone: z
    .string()
    .refine((zone) => {
      try {
        return Intl.DateTimeFormat('en', { timeZone: zone }) !== null
      } catch {
        return false
      }
    })
    .default('UTC'),
})

/** The calls that the list has, all of them, as a table (CSV). Read page by page, as fast as they are taken. */
export const GET = respond(async ({ request, who: { tenantId }, services: { store } }) => {
  const { zone, ...query } = queryOf(request, Query)
  // Sweden writes dates as ISO 8601 does, which every spreadsheet takes for one.
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  const encoder = new TextEncoder()

  async function* lines() {
    yield csvHead()
    const wanted = wantedOf({ ...query, group: undefined, since: undefined })
    let last: Found | undefined
    for (let written = 0; wanted; written += pageSize) {
      if (written >= mostExported) {
        yield lineOf([callsMessages.exportedOnly(String(mostExported))])
        return
      }
      const onwards: Wanted = last ? { ...wanted, before: last } : wanted
      const page = await store.calls.list(tenantId, onwards, pageSize)
      const items = await callItems(store.calls, tenantId, page)
      yield csvLines(items, (iso) => clock.format(new Date(iso)))
      last = page.at(-1)
      if (page.length < pageSize) return
    }
  }

  const rows = lines()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await rows.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
  })
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="calls.csv"',
      'cache-control': 'no-store',
    },
  })
})
