import { join, relative } from 'node:path'
import { bundleBot } from './start/bot.ts'

/** `npm run bundle`: the bot as one file, for `node build/bot.mjs`. */
const root = join(import.meta.dirname, '..')
console.log(`Wrote ${relative(root, await bundleBot(root))}.`)
