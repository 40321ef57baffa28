import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
} from '@prisma/driver-adapter-utils'
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'

/**
 * Prisma's schema engine as WebAssembly: the same that `prisma migrate` downloads as a program, from npm instead. Not a public
 * interface of Prisma, so its version is the exact one of the Prisma in use and nothing but this file knows how it is started.
 * @param schema the text of schema.prisma, where the engine is to compare with it
 */
export async function withSchemaEngine<T>(
  databaseUrl: string,
  schema: string | null,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  engineModule ??= loadEngine()
  const { SchemaEngine } = await engineModule
  const opened: SqlDriverAdapter[] = []
  const adapters = bindMigrationAwareSqlAdapterFactory(adaptersFor(databaseUrl, opened))
  const datamodels: [string, string][] | undefined = schema === null ? undefined : [['schema.prisma', schema]]
  const engine = await SchemaEngine.new({ datamodels }, () => {}, adapters)
  try {
    return await work(engine)
  } finally {
    engine.free()
    // The engine disposes of the empty database that it compared with, and not of the one that it was given.
    for (const adapter of opened) await adapter.dispose()
  }
}

let engineModule: ReturnType<typeof loadEngine> | undefined

async function loadEngine() {
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const file = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const code = await readFile(file.replace(/\.js$/, '.wasm'))
  const { instance } = await WebAssembly.instantiate(code, { './schema_engine_bg.js': importsOf(glue) })
  glue.__wbg_set_wasm(instance.exports)
  if (typeof instance.exports.__wbindgen_start === 'function') instance.exports.__wbindgen_start()
  // Where the engine says why it fails for good.
  const set_message = (message: string) => {
    throw new Error(`Prisma's schema engine failed: ${message}`)
  }
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message } })
  return glue
}

/** The engine leaves a timer of ten seconds behind, which would keep our process that long: it may not hold it. */
function importsOf(glue: object): WebAssembly.ModuleImports {
  const setTimer = (act: () => void, ms: number) => setTimeout(act, ms).unref()
  return Object.fromEntries(
    Object.entries(glue).map(([name, value]) => [name, name.startsWith('__wbg_setTimeout_') ? setTimer : value]),
  )
}

function adaptersFor(databaseUrl: string, opened: SqlDriverAdapter[]): SqlMigrationAwareDriverAdapterFactory {
  const connect = async () => {
    const adapter = await adapterOf(databaseUrl)
    opened.push(adapter)
    return adapter
  }
  return {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect,
    // Prisma's own would connect to the named database again instead of the empty one, if given a URL.
    async connectToShadowDb() {
      const name = `shadow_${randomUUID()}`
      const main = await connect()
      await main.executeScript(`create database "${name}"`)
      const url = new URL(databaseUrl)
      url.pathname = name
      const shadow = await adapterOf(url.href)
      return Object.assign(shadow, {
        dispose: async () => {
          await shadow.underlyingDriver().end()
          await main.executeScript(`drop database if exists "${name}"`)
        },
      })
    },
  }
}

const [charType, textType] = [18, 25]

/** Prisma's adapter, and the two things that it lacks for the schema engine. */
async function adapterOf(databaseUrl: string) {
  const pool = new pg.Pool({ connectionString: databaseUrl, connectionTimeoutMillis: 2_000 })
  const ask = pool.query.bind(pool)
  const adapter = await new PrismaPg(pool, { disposeExternalPool: true }).connect()

  // The engine reads the catalogue, where one letter has a type of its own, "char", that the adapter refuses. The adapter gets
  // it as text, and the engine as the character that it expects.
  const letters = new WeakMap<unknown[][], number[]>()
  Object.assign(pool, {
    async query(question: pg.QueryArrayConfig, values?: unknown[]) {
      const result = await ask(question, values)
      letters.set(
        result.rows,
        result.fields.flatMap(({ dataTypeID }, index) => (dataTypeID === charType ? [index] : [])),
      )
      for (const field of result.fields) if (field.dataTypeID === charType) field.dataTypeID = textType
      return result
    },
  })
  const queryRaw = adapter.queryRaw.bind(adapter)

  return Object.assign(adapter, {
    async queryRaw(query: SqlQuery) {
      const result = await queryRaw(query)
      for (const index of letters.get(result.rows) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character
      return result
    },
    // The adapter cuts a script at each semicolon, also inside functions. PostgreSQL takes it whole, in one transaction.
    async executeScript(script: string) {
      await ask(script)
    },
  })
}
