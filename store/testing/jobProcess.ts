import { setTimeout as wait } from 'node:timers/promises'
import { openChanges } from '../changes.ts'
import { openConnection } from '../connection.ts'
import { openStore } from '../database.ts'

/** A process that works on jobs until it is killed, and writes down each run's beginning and end in the table `runs`. */
const databaseUrl = process.env.DATABASE_URL ?? ''
const { sql } = openConnection(databaseUrl, 2)
const changes = openChanges(databaseUrl, () => {})
openStore({ databaseUrl }).jobs.work(
  {
    deed: async ({ key, data }) => {
      await sql('insert into runs (key, pid) values ($1, $2)', [key, process.pid])
      if (data === 'poison') process.kill(process.pid, 'SIGKILL')
      await wait(Number(data))
      await sql('update runs set ended = clock_timestamp() where key = $1 and pid = $2', [key, process.pid])
    },
  },
  { most: 10, mostTries: 3, leaseMs: 1_500, onNews: (look) => changes.on('jobs', look) },
)
process.stdout.write('ready\n')
