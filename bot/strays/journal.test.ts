import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { HistoryEntry } from '#store/history.ts'
import { callsIn } from './lines.ts'
import { end, journalIn, newFolder, stray } from './testing/strays.ts'

const textOf = (folder: string, process: string) => readFileSync(join(folder, `${process}.0.journal`), 'utf8')

function entriesOf({ at, outcome: _, ...call } = stray()): { began: HistoryEntry; ended: HistoryEntry } {
  const { id, tenantId } = call
  return {
    began: { ...call, kind: 'began', at: new Date(at), caller: { name: 'Anna', id: '1' }, called: null },
    ended: { ...end, kind: 'ended', id, tenantId, at: new Date(end.at) },
  }
}

it('has a call in the file when it returns, for nobody else to read', async () => {
  const folder = newFolder()
  const { process, journal } = await journalIn(join(folder, 'made'))
  const one = stray()
  journal.note(entriesOf(one).began)
  expect(callsIn(textOf(join(folder, 'made'), process)).open).toEqual([one])
  expect(statSync(join(folder, 'made', `${process}.0.journal`)).mode & 0o077).toBe(0)
  expect(statSync(join(folder, 'made')).mode & 0o077).toBe(0)
  journal.close()
})

it('leaves nothing at a clean end, and what is open or not in the books at any other', async () => {
  const folder = newFolder()
  const [over, open] = [entriesOf(), stray()]
  const clean = await journalIn(folder)
  clean.journal.note(over.began)
  clean.journal.note(over.ended)
  clean.journal.close()
  expect(readdirSync(folder)).toEqual([])

  const unclean = await journalIn(folder)
  unclean.journal.note(over.began)
  unclean.journal.note(over.ended)
  unclean.journal.note(entriesOf(open).began)
  unclean.journal.close()
  expect(callsIn(textOf(folder, unclean.process))).toEqual({ open: [open], ended: [] })

  const unwritten = await journalIn(folder, { isWritten: () => false })
  unwritten.journal.note(over.began)
  unwritten.journal.note(over.ended)
  unwritten.journal.close()
  expect(callsIn(textOf(folder, unwritten.process)).ended).toMatchObject([{ end }])
})

it('does not grow with the calls that have ended, and keeps those that go on', async () => {
  const folder = newFolder()
  const { process, journal } = await journalIn(folder)
  const open = stray()
  journal.note(entriesOf(open).began)
  for (let n = 0; n < 10_000; n++) {
    const { began, ended } = entriesOf()
    journal.note(began)
    journal.note(ended)
  }
  expect(statSync(join(folder, `${process}.0.journal`)).size).toBeLessThan(4_000_000)
  expect(callsIn(textOf(folder, process)).open).toEqual([open])
  journal.close()
})

it('costs no call when the disk is in trouble, says so once, and goes on when it can', async () => {
  const folder = newFolder()
  const { process, journal, troubles } = await journalIn(folder)
  const path = join(folder, `${process}.0.journal`)
  const [lost, kept] = [stray(), stray()]
  // A line that a full disk took half of, with what was before it.
  journal.note(entriesOf(lost).began)
  truncateSync(path, statSync(path).size - 20)
  expect(journal.isWell).toBe(true)
  journal.note(entriesOf(stray()).began)
  const next = entriesOf(kept).began
  journal.note(next)
  expect(callsIn(textOf(folder, process)).open).toContainEqual(kept)
  expect(troubles).toEqual([])

  // Nothing there any more to be made shorter.
  rmSync(folder, { recursive: true })
  expect(() => journal.close()).not.toThrow()
  expect(troubles).toHaveLength(1)
  expect(journal.isWell).toBe(false)
})

it('cannot be had where there is no folder to be made', async () => {
  const folder = newFolder()
  writeFileSync(join(folder, 'file'), '')
  await expect(journalIn(join(folder, 'file'))).rejects.toThrow()
})
