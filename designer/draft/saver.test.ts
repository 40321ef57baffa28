import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { edit } from '#flow/edit.ts'
import type { Flow } from '#flow/flow.ts'
import { frontDesk } from '#flow/sample.ts'
import { ApiError } from '../shell/error.ts'
import { createSaver, type SaveState } from './saver.ts'
import { forgetUnsaved, unsavedWork } from './unsaved.ts'

const named = (name: string): Flow => edit(frontDesk, { type: 'renameFlow', name })

function begin(save?: (flow: Flow, revision: number) => Promise<{ revision: number; updatedAt: string }>) {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
    removeItem: (key: string) => void kept.delete(key),
  }
  const states: SaveState[] = []
  const sent: { name: string; revision: number }[] = []
  const saving = createSaver({
    flowId: 'f',
    opened: { flow: frontDesk, revision: 1, updatedAt: 'then' },
    save: async (flow, revision) => {
      sent.push({ name: flow.name, revision })
      return save ? save(flow, revision) : { revision: revision + 1, updatedAt: 'now' }
    },
    onState: (state) => states.push(state),
    storage,
  })
  const unsaved = (opened = frontDesk) => unsavedWork(storage, 'f', opened).map(({ flow }) => flow.name)
  return { saving, states, sent, storage, unsaved }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('a draft is saved 0.8 s after the last change, with the revision that it was made from', async () => {
  const { saving, sent, states } = begin()
  saving.changed(named('A'))
  await vi.advanceTimersByTimeAsync(700)
  saving.changed(named('AB'))
  await vi.advanceTimersByTimeAsync(700)
  expect(sent).toEqual([])
  await vi.advanceTimersByTimeAsync(200)
  expect(sent).toEqual([{ name: 'AB', revision: 1 }])
  expect(states.map(({ type }) => type)).toEqual(['saving', 'saved'])
})

it('a flow that is as it was is never saved', async () => {
  const { saving, sent } = begin()
  saving.changed(named('A'))
  saving.changed(edit(named('A'), { type: 'renameFlow', name: frontDesk.name }))
  await vi.advanceTimersByTimeAsync(2000)
  await saving.saveNow()
  expect(sent).toEqual([])
})

it('only one request is under way, and what changed meanwhile follows with the new revision', async () => {
  const { saving, sent } = begin(
    (_, revision) => new Promise((done) => setTimeout(done, 3000, { revision: revision + 1, updatedAt: 'now' })),
  )
  saving.changed(named('A'))
  await vi.advanceTimersByTimeAsync(1000)
  saving.changed(named('B'))
  await vi.advanceTimersByTimeAsync(1500)
  expect(sent).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(3000)
  expect(sent).toEqual([
    { name: 'A', revision: 1 },
    { name: 'B', revision: 2 },
  ])
})

it('before a test call everything is saved, also what is just being sent', async () => {
  const { saving, sent } = begin()
  saving.changed(named('A'))
  await saving.saveNow()
  expect(sent).toEqual([{ name: 'A', revision: 1 }])
  expect(saving.revision()).toBe(2)
})

it('without a connection work is kept here and sent again by itself', async () => {
  let online = false
  const { saving, states, storage, unsaved } = begin(async (_, revision) => {
    if (!online) throw new ApiError(0, { code: 'offline', message: 'The server was not reached.' })
    return { revision: revision + 1, updatedAt: 'now' }
  })
  saving.changed(named('A'))
  await vi.advanceTimersByTimeAsync(1000)
  expect(states.at(-1)?.type).toBe('offline')
  expect(storage.getItem('unsaved:f')).toContain('"A"')
  online = true
  await vi.advanceTimersByTimeAsync(6000)
  expect(states.at(-1)?.type).toBe('saved')
  expect(unsaved()).toEqual([])
})

it('what somebody else saved is not overwritten until the person says so', async () => {
  const theirs = { revision: 7, updatedAt: 'later', updatedBy: 'Jonas' }
  const { saving, states, sent } = begin(async (_, revision) => {
    if (revision !== 7) throw new ApiError(409, { code: 'changedMeanwhile', message: 'Changed.', detail: theirs })
    return { revision: 8, updatedAt: 'now' }
  })
  saving.changed(named('A'))
  await vi.advanceTimersByTimeAsync(1000)
  expect(states.at(-1)).toEqual({ type: 'conflict', theirs })
  saving.changed(named('B'))
  await vi.advanceTimersByTimeAsync(5000)
  expect(sent).toHaveLength(1)
  await expect(saving.saveNow()).rejects.toMatchObject({ code: 'changedMeanwhile' })
  await saving.overwrite()
  expect(sent.at(-1)).toEqual({ name: 'B', revision: 7 })
})

it('a page that is left at once saves on its way out, and keeps nothing back once that is done', async () => {
  const { saving, sent, storage, unsaved } = begin()
  saving.changed(named('A'))
  saving.close()
  expect(sent).toEqual([{ name: 'A', revision: 1 }])
  expect(storage.getItem('unsaved:f')).toContain('"A"')
  await vi.advanceTimersByTimeAsync(0)
  expect(unsaved()).toEqual([])
})

it('a page that is left without a connection loses nothing: the work is offered back', async () => {
  const { saving, sent, unsaved } = begin(async () => {
    throw new ApiError(0, { code: 'offline', message: 'The server was not reached.' })
  })
  saving.changed(named('A'))
  saving.close()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sent).toHaveLength(1)
  expect(unsaved()).toEqual(['A'])
  expect(unsaved(named('A'))).toEqual([])
})

it('work that nobody has decided about survives what is done and saved later', async () => {
  const { saving, storage, unsaved } = begin()
  storage.setItem('unsaved:f', JSON.stringify([{ at: 'then', revision: 1, flow: named('Mine') }]))
  expect(unsaved()).toEqual(['Mine'])
  saving.changed(named('A'))
  await vi.advanceTimersByTimeAsync(2000)
  storage.setItem('unsaved:f', JSON.stringify([{ at: 'now', revision: 2, flow: named('Later') }]))
  expect(unsaved(named('A'))).toEqual(['Mine', 'Later'])
  expect(unsaved(named('A'))).toEqual(['Mine', 'Later'])
  forgetUnsaved(storage, 'f', { at: 'now', revision: 2, flow: named('Later') })
  expect(unsaved(named('A'))).toEqual(['Mine'])
})

it('kept work that cannot be read is not offered', () => {
  const { storage, unsaved } = begin()
  storage.setItem('unsaved:f', '[{"at":"x"')
  expect(unsaved()).toEqual([])
})
