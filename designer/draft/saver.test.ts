import { createHash } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { edit } from '#flow/edit.ts'
import { type Flow, writeFlow } from '#flow/flow.ts'
import { frontDesk } from '#flow/sample.ts'
import { ApiError } from '../shell/error.ts'
import { createSaver, type SaveState } from './saver.ts'
import { type Drawer, forget, keep, noteSaved, unsavedWork, wasSavedHere } from './unsaved.ts'

const named = (name: string): Flow => edit(frontDesk, { type: 'renameFlow', name })

/** The storage of a browser that several pages share; `room` is how many characters it takes. */
function drawer(room = Number.POSITIVE_INFINITY): Drawer & { kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return {
    kept,
    get: (key) => kept.get(key) ?? null,
    set: (key, text) => text.length <= room && kept.set(key, text) === kept,
    remove: (key) => void kept.delete(key),
    keys: () => [...kept.keys()],
  }
}

type Save = (flow: Flow, revision: number) => Promise<{ revision: number; updatedAt: string }>

function begin(save?: Save, { storage = drawer(), page = 'p' } = {}) {
  const states: SaveState[] = []
  const sent: { name: string; revision: number; at: number }[] = []
  const began = Date.now()
  const saving = createSaver({
    flowId: 'f',
    page,
    opened: { flow: frontDesk, revision: 1, updatedAt: 'then' },
    save: async (flow, revision) => {
      sent.push({ name: flow.name, revision, at: Date.now() - began })
      return save ? save(flow, revision) : { revision: revision + 1, updatedAt: 'now' }
    },
    onState: (state) => states.push(state),
    storage,
  })
  const unsaved = (opened = frontDesk, openPages: readonly string[] = []) =>
    unsavedWork(storage, { flowId: 'f', opened, openPages: new Set(openPages) }).map(({ flow }) => flow.name)
  return { saving, states, sent, storage, unsaved }
}

const offline = () => new ApiError(0, { code: 'offline', message: 'The server was not reached.' })

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
  expect(sent).toMatchObject([{ name: 'AB', revision: 1 }])
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
  expect(sent).toMatchObject([
    { name: 'A', revision: 1 },
    { name: 'B', revision: 2 },
  ])
})

it('before a test call everything is saved, also what is just being sent', async () => {
  const { saving, sent } = begin()
  saving.changed(named('A'))
  await saving.saveNow()
  expect(sent).toMatchObject([{ name: 'A', revision: 1 }])
  expect(saving.revision()).toBe(2)
})

it('without a connection work is kept here and sent again by itself', async () => {
  let online = false
  const { saving, states, storage, unsaved } = begin(async (_, revision) => {
    if (!online) throw offline()
    return { revision: revision + 1, updatedAt: 'now' }
  })
  saving.changed(named('A'))
  await vi.advanceTimersByTimeAsync(1000)
  expect(states.at(-1)?.type).toBe('offline')
  expect(storage.get('unsaved:f:p')).toContain('"A"')
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
  expect(sent.at(-1)).toMatchObject({ name: 'B', revision: 7 })
})

it('a page that is left at once saves on its way out, and keeps nothing back once that is done', async () => {
  const { saving, sent, storage, unsaved } = begin()
  saving.changed(named('A'))
  saving.close()
  expect(sent).toMatchObject([{ name: 'A', revision: 1 }])
  expect(storage.get('unsaved:f:p')).toContain('"A"')
  await vi.advanceTimersByTimeAsync(0)
  expect(unsaved()).toEqual([])
})

it('a page that is left without a connection loses nothing: the work is offered back', async () => {
  const { saving, sent, unsaved } = begin(async () => {
    throw offline()
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
  const work = (name: string, at: string) => ({ page: name, at, flow: named(name) })
  keep(storage, 'f', work('Mine', '1'))
  expect(unsaved(frontDesk, ['p'])).toEqual(['Mine'])
  saving.changed(named('A'))
  await vi.advanceTimersByTimeAsync(2000)
  keep(storage, 'f', work('Later', '2'))
  expect(unsaved(named('A'))).toEqual(['Mine', 'Later'])
  expect(unsaved(named('A'))).toEqual(['Mine', 'Later'])
  forget(storage, 'f', 'Later')
  expect(unsaved(named('A'))).toEqual(['Mine'])
})

it('kept work that cannot be read is not offered', () => {
  const { storage, unsaved } = begin()
  storage.set('unsaved:f:x', '{"at":"x"')
  expect(unsaved()).toEqual([])
})

it('whoever never rests is saved every two seconds all the same', async () => {
  const { saving, sent } = begin()
  for (let n = 0; n < 40; n++) {
    saving.changed(named(`Typed ${n}`))
    await vi.advanceTimersByTimeAsync(200)
  }
  const gaps = sent.map(({ at }, n) => at - (sent[n - 1]?.at ?? 0))
  expect(sent.length).toBeGreaterThanOrEqual(4)
  expect(Math.max(...gaps)).toBeLessThanOrEqual(2000)
})

it('what is typed while saves are slow follows at once, and no two of them overlap', async () => {
  let under = 0
  let most = 0
  const { saving, sent } = begin(async (_, revision) => {
    most = Math.max(most, ++under)
    await new Promise((done) => setTimeout(done, 4000))
    under--
    return { revision: revision + 1, updatedAt: 'now' }
  })
  for (let n = 0; n < 100; n++) {
    saving.changed(named(`Typed ${n}`))
    await vi.advanceTimersByTimeAsync(200)
  }
  await vi.advanceTimersByTimeAsync(10_000)
  expect(most).toBe(1)
  expect(sent.map(({ revision }) => revision)).toEqual(sent.map((_, n) => n + 1))
  expect(sent.at(-1)?.name).toBe('Typed 99')
  expect(Math.max(...sent.map(({ at }, n) => at - (sent[n - 1]?.at ?? 0)))).toBeLessThanOrEqual(4200)
})

it('a change is kept in the browser at once, so that a crash a moment later loses nothing', () => {
  const { saving, unsaved } = begin()
  saving.changed(named('A'))
  expect(unsaved()).toEqual(['A'])
})

it('it says that something is not saved from the first change on, and saved again when it was taken back', async () => {
  const { saving, states } = begin()
  saving.changed(named('A'))
  expect(states).toEqual([{ type: 'saving' }])
  saving.changed(edit(named('A'), { type: 'renameFlow', name: frontDesk.name }))
  await vi.advanceTimersByTimeAsync(2000)
  expect(states).toEqual([{ type: 'saving' }, { type: 'saved', at: 'then' }])
})

it('while more was typed than was saved it does not say that the draft is saved', async () => {
  const { saving, states } = begin(
    (_, revision) => new Promise((done) => setTimeout(done, 500, { revision: revision + 1, updatedAt: 'now' })),
  )
  saving.changed(named('A'))
  await vi.advanceTimersByTimeAsync(1000)
  saving.changed(named('B'))
  await vi.advanceTimersByTimeAsync(400)
  expect(states.map(({ type }) => type)).toEqual(['saving'])
  await vi.advanceTimersByTimeAsync(3000)
  expect(states.map(({ type }) => type)).toEqual(['saving', 'saved'])
})

it('storage that is full or refused is not said to keep anything, and the page is not left unasked', async () => {
  const { saving, states } = begin(
    async () => {
      throw offline()
    },
    { storage: drawer(0) },
  )
  expect(saving.isSafe()).toBe(true)
  saving.changed(named('A'))
  expect(saving.isSafe()).toBe(false)
  await vi.advanceTimersByTimeAsync(1000)
  expect(states.at(-1)).toEqual({ type: 'offline', kept: false })
})

it('trying again without a connection is not told over and over', async () => {
  const { saving, states, sent } = begin(async () => {
    throw offline()
  })
  saving.changed(named('A'))
  await vi.advanceTimersByTimeAsync(30_000)
  expect(sent.length).toBeGreaterThan(3)
  expect(states).toEqual([{ type: 'saving' }, { type: 'offline', kept: true }])
})

it('a server that is not well is asked again, a refusal for good is not', async () => {
  const failing = (status: number) =>
    begin(async () => {
      throw new ApiError(status, { code: 'unavailable', message: 'Not now.' })
    })
  const [unwell, refused] = [failing(503), failing(413)]
  for (const { saving } of [unwell, refused]) saving.changed(named('A'))
  await vi.advanceTimersByTimeAsync(12_000)
  expect(unwell.sent.length).toBeGreaterThan(1)
  expect(refused.sent).toHaveLength(1)
  expect([unwell, refused].map(({ states }) => states.at(-1)?.type)).toEqual(['failed', 'failed'])
})

it('what was typed while a save was under way that failed is saved all the same', async () => {
  let times = 0
  const { saving, sent } = begin(async (_, revision) => {
    await new Promise((done) => setTimeout(done, 3000))
    if (times++ === 0) throw new ApiError(413, { code: 'limit', message: 'Too large.' })
    return { revision: revision + 1, updatedAt: 'now' }
  })
  saving.changed(named('A'))
  await vi.advanceTimersByTimeAsync(1500)
  saving.changed(named('B'))
  await vi.advanceTimersByTimeAsync(5000)
  expect(sent.map(({ name }) => name)).toEqual(['A', 'B'])
})

it('two tabs keep their work apart, and neither offers what the other still holds', async () => {
  const storage = drawer()
  const [one, two] = [begin(undefined, { storage, page: 'one' }), begin(undefined, { storage, page: 'two' })]
  one.saving.changed(named('One'))
  two.saving.changed(named('Two'))
  expect(one.unsaved(frontDesk, ['one', 'two'])).toEqual([])
  expect(one.unsaved().toSorted()).toEqual(['One', 'Two'])
  await two.saving.saveNow()
  expect(one.unsaved()).toEqual(['One'])
})

/** A server that takes what it is sent at its revision; `answers` says whether what it answers arrives. */
function server(answers: () => boolean) {
  let there = { revision: 1, flow: frontDesk }
  const save: Save = async (flow, revision) => {
    const own = writeFlow(flow) === writeFlow(there.flow)
    if (!own && revision !== there.revision) {
      const hash = createHash('sha256').update(writeFlow(there.flow)).digest('hex')
      const detail = { revision: there.revision, updatedAt: 'then', updatedBy: 'Grace', hash }
      throw new ApiError(409, { code: 'changedMeanwhile', message: 'Changed.', detail })
    }
    if (!own) there = { revision: revision + 1, flow }
    if (!answers()) throw offline()
    return { revision: there.revision, updatedAt: 'now' }
  }
  return {
    save,
    there: () => there,
    put: (name: string) => (there = { revision: there.revision + 1, flow: named(name) }),
  }
}

it('a save whose answer was lost is no conflict with oneself, also when more was typed since', async () => {
  let reached = false
  const { save, there } = server(() => reached)
  const { saving, states } = begin(save)
  saving.changed(named('A'))
  await vi.advanceTimersByTimeAsync(1000)
  saving.changed(named('AB'))
  reached = true
  await vi.waitFor(() => expect(states.at(-1)?.type).toBe('saved'), { timeout: 20_000 })
  expect(there()).toMatchObject({ revision: 3, flow: { name: 'AB' } })
})

it('somebody else who saved over a save without an answer is a conflict', async () => {
  let reached = false
  const { save, put } = server(() => reached)
  const { saving, states } = begin(save)
  saving.changed(named('A'))
  await vi.advanceTimersByTimeAsync(1000)
  put('Theirs')
  saving.changed(named('AB'))
  reached = true
  await vi.waitFor(() => expect(states.at(-1)?.type).toBe('conflict'), { timeout: 20_000 })
})

it('a revision that was saved in this browser is known as one’s own', async () => {
  const { saving, storage } = begin()
  saving.changed(named('A'))
  await saving.saveNow()
  expect([wasSavedHere(storage, 'f', 2), wasSavedHere(storage, 'f', 3)]).toEqual([true, false])
  noteSaved(storage, 'g', 3)
  expect(wasSavedHere(storage, 'f', 3)).toBe(false)
})
