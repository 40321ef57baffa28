import { expect } from 'vitest'
import type { LiveCallsDeps } from '#bot/live.ts'
import { createRecordings } from '#bot/recordings.ts'
import { downloadRecording } from '#communications/requests/recordings.ts'
import { instance } from '#emulator/testing/testStates.ts'
import type { CallView } from '#emulator/world/views.ts'
import type { Rehearsal } from '#flow/rehearse.ts'
import { type RehearsedCallbacks, rehearsedCallbacks } from '#flow/rehearsedCallbacks.ts'
import { type RehearsedTables, rehearsedTables } from '#flow/rehearsedTables.ts'
import { nothingShared } from '#flow/shared.ts'
import type { CallState } from '#flow/step.ts'
import type { Command } from '#flow/talk.ts'
import { OutboundError } from '#outbound/error.ts'
import { openForRuns } from '../property/faultLine.ts'
import { openBot, sounds, spoken } from '../property/realBot.ts'
import { type Act, type Answer, act, comesIn, john, notPermitted, refusal, type Scenario } from './acts.ts'
import type { Path } from './search.ts'
import { nextInstant } from './when.ts'

/**
 * Paths as whole calls: the real bot and the emulator in one process, with signed notifications, in virtual time. Every prompt sounds
 * for two seconds. Each call is accompanied by one without a telephone, which says where it must stand before the next thing happens.
 */

const longestMs = 10 * 60_000
/** Within this a prompt that was asked for has begun to sound. */
const soundsMs = 500

type Line = Awaited<ReturnType<typeof openLine>>

/** What one call was like: the exits that it took, and what its caller heard, as one text. */
export type Shown = { takes: ReadonlySet<string>; heard: string }

export const openLine = () => openForRuns(sounds)

/** One at a time on a line. */
export async function openScenario(line: Line, scenario: Scenario) {
  const { flow, flows, shared = nothingShared } = scenario
  const service = openService()
  const tables = openTables(shared.tables)
  const callbacks = openCallbacks(line)
  const bot = await openBot(line, spoken(flow, shared, flows), {
    ...{ services: service.services, tables: tables.asked, callbacks: callbacks.asked },
    recordings: recordingsOf(line),
  })
  const scene = { scenario, line, bot, service, tables, callbacks }
  return {
    carryOut: (path: Path) => carryOut(scene, path),
    /** What went wrong in the bot that no caller noticed. */
    troubles: () => [...bot.broken, ...bot.strange],
    close: bot.close,
  }
}

type Scene = {
  scenario: Scenario
  line: Line
  bot: Awaited<ReturnType<typeof openBot>>
  service: ReturnType<typeof openService>
  tables: ReturnType<typeof openTables>
  callbacks: ReturnType<typeof openCallbacks>
}

async function carryOut(scene: Scene, { world: name, acts }: Path): Promise<Shown> {
  const { scenario, line, bot, service, tables, callbacks } = scene
  const world = scenario.worlds?.[name] ?? {}
  await line.clock.advanceTo(nextInstant(world.on, line.clock.now()))
  tables.hold(world.rows)
  callbacks.forget()
  service.forget()
  const rehearsal = comesIn(scenario, world, line.clock.now())
  const before = bot.entries.length
  for (const fault of faultsIn(comesIn(scenario, world, line.clock.now()), acts)) {
    expect((await line.ask('POST', '/emulator/faults', fault)).status).toBe(204)
  }
  const from = world.phone ? { phone: world.phone } : { user: john }
  const { id } = (await line.ask('POST', '/emulator/calls', { from, to: instance, transfers: 'ask' })).body as CallView // the emulator's own answer
  const plays: Play[] = []
  const call = { id, rehearsal, plays, told: 0, ...scene }
  for (const doing of acts) await happens(call, doing)
  note(call)
  const steps = () => bot.entries.slice(before).flatMap((one) => (one.kind === 'step' ? [one] : []))
  const isOver = () => bot.entries.slice(before).some(({ kind }) => kind === 'ended')
  const over = await line.clock.runUntil(isOver, longestMs)
  const trail = steps().map(({ block, event, exit }) => [block, event, exit])
  expect([over, trail]).toEqual([true, rehearsal.trail.map(({ block, event, exit = null }) => [block, event, exit])])
  const heard = (await line.view(id)).transcript.flatMap((one) =>
    one.kind === 'prompt' ? [bot.textOf(one.resourceId) ?? ''] : [],
  )
  expect(heard).toEqual(heardOf(plays, heard))
  await line.ask('DELETE', '/emulator/faults')
  await line.clock.advance(60_000)
  return {
    takes: new Set(steps().flatMap(({ block, exit }) => (exit === null ? [] : [`${block} ${exit}`]))),
    heard: heard.join(' '),
  }
}

const operations: Partial<Record<Command['type'], string>> = {
  answer: 'call-answer',
  play: 'call-playprompt',
  record: 'call-recordresponse',
  transfer: 'call-transfer',
  sendTones: 'call-senddtmftones',
  subscribeTones: 'call-subscribetotone',
}

/** What Graph is to refuse, so that it comes as the path has it. */
function* faultsIn(rehearsal: Rehearsal, acts: readonly Act[]) {
  for (const doing of acts) {
    const refused =
      doing.do === 'refuse'
        ? { command: doing.command, answer: refusal }
        : doing.do === 'transfer' && doing.outcome === 'notPermitted'
          ? { command: 'transfer' as const, answer: notPermitted }
          : null
    if (refused) {
      const nth = rehearsal.asked.filter(({ type }) => type === refused.command).length
      yield { on: { operation: operations[refused.command], nth }, do: refused.answer }
    }
    act(rehearsal, doing)
  }
}

/** What a play or a recording says, and whether all of it is heard. */
type Play = { prompts: readonly string[]; cut: boolean }

type Call = Scene & { id: string; rehearsal: Rehearsal; plays: Play[]; told: number }

/** One thing happens, when the call has come to where it is to happen. */
async function happens(call: Call, doing: Act): Promise<void> {
  const { rehearsal } = call
  note(call)
  const isSounding = rehearsal.waitsFor === 'prompt'
  const isDone =
    doing.do === 'time' || doing.do === 'refuse' || (doing.do === 'transfer' && doing.outcome === 'notPermitted')
  if (!isDone) {
    await comesTo(call)
    await does(call, doing)
  }
  act(rehearsal, doing)
  const last = call.plays.at(-1)
  if (last && (doing.do === 'refuse' || (isSounding && doing.do !== 'time'))) last.cut = true
}

function note(call: Call): void {
  const { asked } = call.rehearsal
  for (const one of asked.slice(call.told)) {
    if (one.type === 'play' || one.type === 'record') call.plays.push({ prompts: one.prompts, cut: false })
  }
  call.told = asked.length
}

/** The bot's call stands where the one without a telephone does. */
async function comesTo({ id, rehearsal, bot, line }: Call): Promise<void> {
  const wanted = standing(rehearsal.stands)
  const stands = () => {
    const session = bot.sessions.load(id)
    return typeof session === 'object' && 'state' in session ? standing(session.state) : 'over'
  }
  await line.clock.runUntil(() => stands() === wanted, longestMs)
  expect(stands()).toBe(wanted)
}

/** Without instants: for the call without a telephone prompts take no time. */
const standing = ({ at, phase, visit, listening, typed, data, asking }: CallState): string =>
  JSON.stringify({ at, phase, visit, listening, typed, data, asking }, (name, value) =>
    name === 'since' || name === 'until' ? undefined : value,
  )

async function does({ id, line, service, rehearsal }: Call, doing: Act): Promise<void> {
  const { clock } = line
  const tell = async (what: string, body: object) => {
    const { status } = await line.ask('POST', `/emulator/calls/${id}/${what}`, body)
    expect(status, what).toBeLessThan(300)
  }
  switch (doing.do) {
    case 'hangUp':
      if (rehearsal.waitsFor === 'prompt') await clock.advance(soundsMs)
      return tell('hangUp', {})
    case 'press':
      if (rehearsal.waitsFor === 'prompt') await clock.advance(soundsMs)
      return tell('tones', { tones: doing.keys })
    case 'speak':
      await until(
        line,
        async () =>
          (await line.view(id)).transcript.filter(({ kind }) => kind === 'recording').length >= recordings(rehearsal),
      )
      await tell('speech', { seconds: doing.seconds })
      if (doing.key === undefined) return
      await clock.advance(doing.seconds * 1000)
      return tell('tones', { tones: doing.key })
    case 'answer':
      await until(line, async () => service.waits())
      return service.answers(doing.answer)
    case 'transfer':
      await until(line, async () => (await line.view(id)).state === 'transferring')
      await clock.advance(soundsMs)
      return tell('transfer', { outcome: doing.outcome })
  }
}

const recordings = ({ asked }: Rehearsal): number => asked.filter(({ type }) => type === 'record').length

async function until(line: Line, holds: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < 1000 && !(await holds()); n += 1) await line.clock.advance(100)
}

/** What must have been heard: all that was said, and of what was cut off as much as was. */
function heardOf(plays: readonly Play[], heard: readonly string[]): string[] {
  const all: string[] = []
  for (const { prompts, cut } of plays) {
    for (const text of prompts) {
      if (cut && heard[all.length] !== text) break
      all.push(text)
    }
  }
  return all
}

/** A service that answers when it is told to. */
function openService() {
  type Sent = { status: number; headers: Record<string, string>; body: Buffer }
  type Waiting = { resolve(sent: Sent): void; reject(error: Error): void }
  let waiting: Waiting[] = []
  return {
    services: {
      send: () => new Promise<Sent>((resolve, reject) => waiting.push({ resolve, reject })),
      secret: async () => ({ text: 'a secret', hosts: ['service.example'] }),
      values: () => ({}),
    },
    waits: () => waiting.length > 0,
    forget() {
      waiting = []
    },
    answers(answer: Answer) {
      const one = waiting.shift()
      if (typeof answer === 'string')
        one?.reject(answer === 'error' ? new Error('broken') : new OutboundError(answer, answer))
      else {
        const body = Buffer.from(JSON.stringify(answer.json ?? null))
        one?.resolve({ status: answer.status, headers: { 'content-type': 'application/json' }, body })
      }
    },
  }
}

/** Tables in memory, of which each call may find others. */
function openTables(known: typeof nothingShared.tables) {
  let rows: RehearsedTables = rehearsedTables(known, {})
  const answerTo = (command: Parameters<RehearsedTables['answer']>[0]) => {
    const answer = rows.answer(command)
    if (answer.type === 'commandFailed') throw new Error(answer.problem)
    return answer
  }
  return {
    hold(given: NonNullable<Scenario['worlds']>[string]['rows'] = {}) {
      rows = rehearsedTables(known, given)
    },
    asked: {
      lookUp: async (_, { table, match }) => {
        const answer = answerTo({ type: 'lookUp', visit: 0, table, match })
        return answer.type === 'rowFound' ? answer.cells : null
      },
      write: async (_, { table, match, cells }) => {
        const answer = answerTo({ type: 'writeRow', visit: 0, table, match, cells })
        return answer.type === 'rowWritten' && answer.found
      },
    } satisfies LiveCallsDeps['tables'],
  }
}

/** The list of callbacks in memory, of each call its own. */
function openCallbacks({ clock }: Line) {
  let list: RehearsedCallbacks = rehearsedCallbacks()
  return {
    forget() {
      list = rehearsedCallbacks()
    },
    asked: {
      add: async (_, { due, mergeMs, ...callback }) => {
        const noted = { ...callback, due: due.getTime() }
        return list.answer({ type: 'createCallback', visit: 0, callback: noted, mergeMs }, clock.now()).merged
      },
    } satisfies LiveCallsDeps['callbacks'],
  }
}

function recordingsOf(line: Line) {
  const quiet = { info: () => {}, warn: () => {}, error: () => {} }
  return createRecordings({
    download: async ({ recordingLocation, recordingAccessToken }, signal) => {
      // Without sockets the emulator does not know that it was reached by https.
      const ref = { recordingLocation: recordingLocation.replace('http:', 'https:'), recordingAccessToken }
      return downloadRecording(ref, { signal, transport: line.transport, clock: line.clock })
    },
    messages: { keeps: async () => false, add: async () => {} },
    log: quiet,
    clock: line.clock,
  })
}
