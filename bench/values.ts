import { createFresh } from '#bot/fresh.ts'
import { expressions } from '#flow/expression.ts'
import { readSaying } from '#flow/saying/saying.ts'
import { realClock } from '#ground/clock.ts'
import { openFlite } from '#speech/flite.ts'
import { percentile } from './lib/figures.ts'
import { option } from './lib/options.ts'

// How long callers wait for a prompt with three values: from the block that says it to the request for Graph.

const rounds = option('rounds', 60)
const text =
  'Hello ${name}, your appointment at our practice in the main street is on ${date(day)} and it will cost you in all ${money(cost, "EUR")}. Goodbye.'
const variables = { name: { type: 'text' }, day: { type: 'text' }, cost: { type: 'number' } } as const
const saying = readSaying(text, { variables, parse: expressions(variables).parse })
const constants = new Set(saying.constants)
const names = 'Anna Berger,Adele Vance,Bob,Christina Maria Kowalski,Jo'.split(',')
let asked = 0
/** Other words each time, so that nothing is there already. */
const values = () => ({
  name: `${names[asked % names.length]}`,
  day: `2026-${String(1 + (asked % 12)).padStart(2, '0')}-${String(1 + (asked % 28)).padStart(2, '0')}`,
  cost: 10 + asked++ / 4,
})

const voice = openFlite({ workers: 2 })
const fresh = createFresh({ voice, publicUrl: 'https://bot.localhost', clock: realClock })
const until = new AbortController().signal
async function ready(call: string): Promise<number> {
  const begun = performance.now()
  const pieces = saying.fill(values()).filter((piece) => !constants.has(piece))
  await fresh.of(call, pieces, { language: 'en-US', until })
  const took = performance.now() - begun
  fresh.forget(call)
  return took
}

await Promise.all(['a', 'b'].map((turn) => voice.speak('.', { turn })))
const first = await ready('first')
const rows = []
for (const calls of [1, 2, 4, 8]) {
  const took: number[] = []
  for (let n = 0; n < rounds / calls; n++) {
    took.push(
      ...(await Promise.all(Array.from({ length: calls }, (_, at) => ready(`${n} ${at}`).catch(() => Infinity)))),
    )
  }
  rows.push({
    'calls at once': calls,
    'ms, median': Math.round(percentile(took, 0.5)),
    'ms, 95 %': Math.round(percentile(took, 0.95)),
    'too late': took.filter((ms) => ms === Infinity).length,
  })
}
console.log(`${saying.fill(values()).length} pieces; the first time ${Math.round(first)} ms`)
console.table(rows)
await voice.close()
