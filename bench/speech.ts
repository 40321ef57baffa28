import { openFlite } from '#speech/flite.ts'
import { percentile } from './lib/figures.ts'
import { option } from './lib/options.ts'
import { promptTexts } from './referenceFlow.ts'

// How long a prompt takes to be spoken, which happens once, when a flow is published.

const rounds = option('rounds', 10)
const voice = openFlite()
const first = performance.now()
await voice.speak('Hello.', {})
const firstMs = performance.now() - first

const rows = []
for (const text of Object.values(promptTexts)) {
  const took: number[] = []
  let durationMs = 0
  for (let n = 0; n < rounds; n++) {
    const begun = performance.now()
    ;({ durationMs } = await voice.speak(text, {}))
    took.push(performance.now() - begun)
  }
  const ms = percentile(took, 0.5)
  rows.push({
    characters: text.length,
    'speech ms': durationMs,
    'ms, median': Math.round(ms),
    'times life': Math.round(durationMs / ms),
  })
}
console.log(`The first prompt, with the start of its thread: ${Math.round(firstMs)} ms`)
console.table(rows)
await voice.close()
