import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { takeJournals } from './journals.ts'
import { endLine, headLine, openLine } from './lines.ts'
import { isAlive } from './presence.ts'
import { appId, end, journalIn, newFolder, stray } from './testing/strays.ts'

/** The journal of a process that is no more. */
function leave(folder: string, { app = appId, host = hostname() } = {}) {
  const process = randomUUID()
  const [open, over] = [stray(), stray()]
  const text = headLine({ process, appId: app, host }) + openLine(open) + openLine(over) + endLine(over.id, end)
  writeFileSync(join(folder, `${process}.0.journal`), text)
  return { process, open, over }
}

const take = (folder: string, more: { process?: string; isSilent?: (process: string) => boolean } = {}) =>
  takeJournals({ folder, appId, process: randomUUID(), isSilent: () => false, ...more })

describe('whether a process lives', () => {
  it('is known by an address that ends with it, however it dies', async () => {
    const folder = newFolder()
    const process = randomUUID()
    const script = `import { showPresence } from './bot/strays/presence.ts'
      await showPresence(${JSON.stringify(folder)}, '${process}'); setInterval(() => {}, 1000); console.log('up')`
    expect(await isAlive(folder, process)).toBe(false)
    const other = spawn(globalThis.process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void other.kill('SIGKILL'))
    await once(other.stdout, 'data')
    expect(await isAlive(folder, process)).toBe(true)
    // Stopped is not dead.
    other.kill('SIGSTOP')
    expect(await isAlive(folder, process)).toBe(true)
    const ended = once(other, 'exit')
    other.kill('SIGKILL')
    await ended
    expect(await isAlive(folder, process)).toBe(false)
  })
})

describe('journals', () => {
  it('are taken over though another file cannot be read, which is told when nothing else is left', async () => {
    const folder = newFolder()
    mkdirSync(join(folder, `${randomUUID()}.0.journal`))
    const processes = Array.from({ length: 4 }, () => leave(folder).process)
    const left = await take(folder)
    expect(left.map(({ process }) => process).sort()).toEqual(processes.sort())
    for (const one of left) one.done()
    await expect(take(folder)).rejects.toMatchObject({ code: 'EISDIR' })
  })

  it('of the dead are taken over with what is in them', async () => {
    const folder = newFolder()
    const { process, open, over } = leave(folder)
    const [left] = await take(folder)
    expect(left).toMatchObject({ process, open: [open], ended: [{ call: over, end }] })
    left?.done()
    expect(readdirSync(folder)).toEqual([])
  })

  it('of the living are left alone', async () => {
    const folder = newFolder()
    const { journal } = await journalIn(folder)
    expect(await take(folder)).toEqual([])
    journal.close()
  })

  it('of our own are not taken', async () => {
    const folder = newFolder()
    const { process } = leave(folder)
    expect(await take(folder, { process })).toEqual([])
  })

  it('of another bot are left to it, and what is none is left alone', async () => {
    const folder = newFolder()
    leave(folder, { app: randomUUID() })
    writeFileSync(join(folder, `${randomUUID()}.0.journal`), 'rubbish')
    writeFileSync(join(folder, 'readme.txt'), '')
    expect(await take(folder)).toEqual([])
    expect(readdirSync(folder)).toHaveLength(3)
  })

  it('fall to one of several that try', async () => {
    const folder = newFolder()
    const opens = Array.from({ length: 10 }, () => leave(folder).open.id)
    const taken = (await Promise.all([1, 2, 3].map(() => take(folder)))).flat()
    expect(taken.map(({ open }) => open[0]?.id).sort()).toEqual(opens.sort())
  })

  it('that a process took over and then died are found again, any number of times', async () => {
    const folder = newFolder()
    const { process, open } = leave(folder)
    for (let times = 0; times < 5; times++) expect(await take(folder)).toMatchObject([{ process, open: [open] }])
  })

  it('from another machine are taken only when its process has long said nothing', async () => {
    const folder = newFolder()
    const { process } = leave(folder, { host: 'elsewhere' })
    expect(await take(folder)).toEqual([])
    expect(await take(folder, { isSilent: (one) => one === process })).toHaveLength(1)
  })

  it('are none where there is no folder', async () => {
    expect(await take(join(newFolder(), 'none'))).toEqual([])
  })
})
