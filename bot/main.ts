import { start } from './start.ts'

const bot = await start(process.env).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})

/** Whatever hangs, a database or Graph: who stops a process kills it after a while, and then nothing is logged. */
const stopLimitMs = 10_000

let stopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) return
    stopping = true
    setTimeout(() => {
      console.error('The bot could not end in time and stops without waiting any longer.')
      process.exit(1)
    }, stopLimitMs)
    void bot.stop().finally(() => process.exit(0))
  })
}
