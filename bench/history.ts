import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { botFlags } from '#scripts/start/bot.ts'
import { bundle, scratchFolder } from './lib/bundle.ts'
import { openDatabase } from './lib/database.ts'
import { option } from './lib/options.ts'
import { runShared } from './lib/sharedBench.ts'

// Database statements of a call at a stated number of calls a second, and what writing the history costs beside them.

const rate = option('rate', 100)
const ms = option('ms', 10_000)
const folder = scratchFolder()
const database = await openDatabase(folder)
const file = await bundle(join(import.meta.dirname, 'botUnderTest.ts'), folder)
const before = await database.transactions()
runShared(
  'run-http.mjs',
  ['--only=^$', `--ours=${['node', ...botFlags, file].join(' ')}`, '--reps=1', `--rate=${rate}`, `--ms=${ms}`],
  ms + 90_000,
  {
    DATABASE_URL: database.databaseUrl,
  },
)
await wait(1_000) // a connection counts what it did when it ends
const statements = (await database.transactions()) - before
const { all, ended } = await database.calls()
await database.stop()
console.table([
  {
    'calls in the history': all,
    'of them ended': ended,
    statements,
    'statements a call (goal P13: <= 0.1)': Number((statements / all).toFixed(3)),
  },
])
