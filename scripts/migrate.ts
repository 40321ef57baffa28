import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrate, migrationSql } from '#store/migrate.ts'

/**
 * npm run migrate           brings the database at DATABASE_URL up to prisma/migrations
 * npm run migrate <name>    writes a new migration: what prisma/schema.prisma has and the migrations have not.
 *                           DATABASE_URL is any PostgreSQL; it is compared in an empty database that is dropped again.
 */
const databaseUrl = process.env.DATABASE_URL
const name = process.argv[2]

if (!databaseUrl) {
  console.error('DATABASE_URL is not set. Set it to the PostgreSQL to use, for example the one that npm start prints.')
  process.exitCode = 1
} else if (name && !/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error(`"${name}" cannot name a migration. Use small letters, digits and _.`)
  process.exitCode = 1
} else if (name) {
  const sql = await migrationSql(databaseUrl)
  if (sql === null) {
    console.log('The migrations say what prisma/schema.prisma says. There is nothing to write.')
  } else {
    const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
    const file = join('prisma', 'migrations', `${time}_${name}`, 'migration.sql')
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, sql)
    console.log(`Wrote ${file}. Read it, add what Prisma has no words for, and run npm run migrate.`)
  }
} else {
  const applied = await migrate(databaseUrl)
  console.log(applied.length === 0 ? 'Nothing to apply.' : `Applied ${applied.join(', ')}.`)
}
