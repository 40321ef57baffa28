/**
 * `npm start`: everything on this machine (database, emulator, bot, designer), with nothing to sign up for.
 * `npm run dev`: the same, and each part starts again when its sources change.
 */
const needed = { major: 20, minor: 19 }
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < needed.major || (major === needed.major && minor < needed.minor)) {
  console.error(
    `This needs Node ${needed.major}.${needed.minor} or later; this is ${process.versions.node}. Install a newer Node and try again.`,
  )
  process.exit(1)
}
// Only now: what follows may not even load on an older Node.
const { startAll } = await import('./start/all.ts')
await startAll({ dev: process.argv.includes('--dev') })

export {}
