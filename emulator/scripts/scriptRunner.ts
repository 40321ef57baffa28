import { randomUUID } from 'node:crypto'
import type { IdentitySet } from '#communications/wire/types.ts'
import { sameId } from '#ground/ids.ts'
import type { Participant } from '../world/call.ts'
import { listCalls } from '../world/calls.ts'
import { placeIncoming } from '../world/dial.ts'
import { applicationIdentity, identityOf, isSame, personId } from '../world/identity.ts'
import type { Meeting } from '../world/meetings.ts'
import type { Person } from '../world/people.ts'
import { samplesOf } from '../world/wav.ts'
import type { World } from '../world/world.ts'
import {
  type Duration,
  lastsAtMost,
  missingSounds,
  msOf,
  parseScript,
  ringRule,
  type Script,
  type ScriptCall,
  ScriptError,
  type Step,
  type ScriptPerson as Written,
} from './script.ts'
import { howItEnded, type Stage } from './scriptExpectations.ts'
import { callsOf, endOf, enter, goAway, hear, placeOf, type ScriptPerson } from './scriptPerson.ts'
import { carryOut, StepFailure, stepWords, until } from './scriptSteps.ts'

/** Runs scripts: every actor on its own, all by the emulator's clock. */

/** `stopped`: by who started the script. */
type Outcome = 'running' | 'done' | 'failed' | 'stopped'

type StepView = {
  /** As it was written. */
  step: string
  outcome: Outcome
  /** Since the script began, in milliseconds of the emulator's clock. */
  fromMs: number
  toMs: number | null
  /** What happened, where there is something to tell. */
  words: string | null
}
type ActorView = { name: string; outcome: Outcome; callIds: string[]; words: string; steps: StepView[] }
export type RunView = ReturnType<typeof viewOf>

export type ScriptRun = ReturnType<typeof startRun>

export type Scripts = ReturnType<typeof createScripts>

const runsKept = 50

export function createScripts(world: World) {
  const runs = new Map<string, ScriptRun>()
  const claimed = new WeakSet<Participant>()
  return {
    /** Begins at once. Throws a ScriptError for one that is not right, or whose sounds are missing. */
    start(script: Script): ScriptRun {
      const run = startRun(world, parseScript(script), claimed)
      runs.set(run.id, run)
      for (const [id, old] of runs) {
        if (runs.size <= runsKept) break
        if (old.view().outcome !== 'running') runs.delete(id)
      }
      return run
    },
    find: (id: string): ScriptRun | undefined => runs.get(id),
    list: (): RunView[] => [...runs.values()].map((run) => run.view()),
    forget(): void {
      for (const run of runs.values()) run.stop('forgotten')
      runs.clear()
    },
  }
}

type Actor = {
  person: ScriptPerson
  steps: Step[]
  view: ActorView
  begin: (run: Running, actor: Actor) => Promise<void>
}

/** A script that runs. What changes in it stands in `state`, and in the views of its actors. */
type Running = {
  id: string
  stage: Stage
  stopping: AbortController
  startedAt: number
  /** How long it may take, as it is written and in milliseconds. */
  within: Duration
  lastsMs: number
  state: { endedAt: number | null; timeIsOver: boolean; isForgotten: boolean }
}

function startRun(world: World, script: Script, claimed: WeakSet<Participant>) {
  const { clock } = world
  const within = script.within ?? lastsAtMost
  const stopping = new AbortController()
  // First: nothing has begun where it throws.
  const sounds = soundsOf(script)
  const written = new Map((script.people ?? []).map((one) => [one.name, identityFor(one, tenantOf(world))]))
  const made = makeMeetings(script, world, written)
  const run: Running = {
    id: randomUUID(),
    stage: { world, signal: stopping.signal, people: written, meetings: made, sounds },
    stopping,
    startedAt: clock.now(),
    within,
    lastsMs: msOf(within),
    state: { endedAt: null, timeIsOver: false, isForgotten: false },
  }
  const takeBack = putRules(script, world, written)
  const actors = actorsOf(script, { world, claimed, people: written })
  const cancelTime = clock.after(run.lastsMs, () => {
    run.state.timeIsOver = true
    stopping.abort()
  })

  /** Who still is on a call when all are done hangs up. */
  function end(): RunView {
    cancelTime()
    for (const { person } of actors) goAway(person)
    if (!run.state.isForgotten) takeBack()
    run.state.endedAt = clock.now()
    return viewOf(run, actors)
  }

  return {
    id: run.id,
    view: () => viewOf(run, actors),
    /** Resolves when everybody is done, failed or stopped. Never rejects. */
    over: Promise.all(actors.map((one) => play(run, one))).then(end),
    /** Everybody drops what they are doing, and leaves. `forgotten`: the rules that the people had before are not put back. */
    stop(how?: 'forgotten'): void {
      run.state.isForgotten = how === 'forgotten'
      stopping.abort()
    },
  }
}

/** Everybody who does something: people from the start or once the bot's call brings them in, and who calls the bot. */
function actorsOf(
  script: Script,
  { world, claimed, people }: { world: World; claimed: WeakSet<Participant>; people: Map<string, IdentitySet> },
): Actor[] {
  const actor = (name: string, identity: IdentitySet, steps: Step[], begin: Actor['begin']): Actor => ({
    person: { world, identity, claimed, heard: [], place: null },
    steps,
    view: { name, outcome: 'running', callIds: [], words: 'has not begun', steps: [] },
    begin,
  })
  const ofPerson = ({ name, do: first, 'once in': onceIn }: Written): Actor[] => {
    const identity = people.get(name)
    const steps = first ?? onceIn
    return identity && steps ? [actor(name, identity, steps, first ? async () => {} : waitToBeCalled)] : []
  }
  const ofCall = (call: ScriptCall): Actor[] => {
    const { from, times = 1 } = call
    const identity = typeof from === 'string' ? people.get(from) : identityOf({ phone: from.phone }, tenantOf(world))
    const name = typeof from === 'string' ? from : from.phone
    return Array.from({ length: identity ? times : 0 }, (_, place) =>
      actor(times > 1 ? `${name} (${place + 1})` : name, identity ?? {}, call.do, (run, one) =>
        placeCall(run, one, call),
      ),
    )
  }
  return [...(script.people ?? []).flatMap(ofPerson), ...(script.calls ?? []).flatMap(ofCall)]
}

/** All that somebody does, and how it went. Never rejects. */
async function play(run: Running, one: Actor): Promise<void> {
  const { view } = one
  try {
    await one.begin(run, one)
    for (let steps: Step[] | null = one.steps; steps; ) steps = await take(run, one, steps)
    view.outcome = 'done'
    view.words = `${view.name}: did all ${view.steps.length} steps`
  } catch (error) {
    const isStopped = run.stage.signal.aborted
    view.outcome = isStopped && !run.state.timeIsOver ? 'stopped' : 'failed'
    view.words = `${view.name}: ${isStopped ? stopWords(run, view) : wordsOf(error)}`
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function stopWords({ state, within }: Running, { steps }: ActorView): string {
  const at = steps.at(-1)
  const why = state.timeIsOver ? `the ${within} of the script were over` : 'the script was stopped'
  return [`${why} at “${at?.step ?? 'the beginning'}”`, at?.words ?? []].flat().join('; ')
}

/** Gives the steps behind an `otherwise`: they take the place of all that were left, also of those around a repetition. */
async function take(run: Running, one: Actor, steps: Step[]): Promise<Step[] | null> {
  for (const step of steps) {
    if (typeof step === 'object' && 'repeat' in step) {
      for (let count = 0; count < step.repeat; count += 1) {
        const instead = await take(run, one, step.do)
        if (instead) return instead
      }
      continue
    }
    const { instead } = await report(run, one, stepWords(step), () => carryOut(run.stage, one.person, step))
    if (instead) return instead
  }
  return null
}

/** Tells of something while it goes on, and how it went. Failures go through. */
async function report<T extends { words: string | null }>(
  { stage, startedAt, state }: Running,
  { view, person }: Actor,
  step: string,
  act: () => T | Promise<T>,
): Promise<T> {
  const { signal } = stage
  const { clock } = stage.world
  const told: StepView = { step, outcome: 'running', fromMs: clock.now() - startedAt, toMs: null, words: null }
  view.steps.push(told)
  view.words = step
  try {
    const result = await act()
    if (signal.aborted) throw new StepFailure(result.words ?? 'was not finished')
    Object.assign(told, { words: result.words, outcome: 'done' })
    return result
  } catch (error) {
    Object.assign(told, { words: wordsOf(error), outcome: 'failed' })
    throw error
  } finally {
    told.toMs = clock.now() - startedAt
    view.callIds = callsOf(person).map((call) => call.id)
    if (signal.aborted) told.outcome = state.timeIsOver ? 'failed' : 'stopped'
  }
}

async function waitToBeCalled(run: Running, one: Actor): Promise<void> {
  const isIn = () => (placeOf(one.person) || isOverAlready(run, one.person) ? true : null)
  await report(run, one, 'wait to be called', async () => {
    if (await until(run.stage, isIn, run.lastsMs)) return { words: 'came in' }
    throw new StepFailure('nobody called, or the call was not answered')
  })
}

/** The bot called, and hung up before anybody looked: bots are faster than people. */
function isOverAlready({ stage, startedAt }: Running, person: ScriptPerson): boolean {
  const call = listCalls(stage.world).find(
    ({ direction, targets, answeredAt, endedAt }) =>
      direction === 'outgoing' &&
      targets.length === 1 &&
      endedAt !== null &&
      Date.parse(answeredAt ?? '') >= startedAt &&
      isSame(targets[0]?.identity ?? {}, person.identity),
  )
  if (call) hear(person, call, 0)
  return Boolean(call)
}

async function placeCall(run: Running, one: Actor, { to, patience }: ScriptCall): Promise<void> {
  const { world, signal } = run.stage
  await report(run, one, 'call the bot', async () => {
    const wanted = typeof to === 'object' && 'app' in to ? to.app : undefined
    const app = world.settings.apps.find(({ appId }) => wanted === undefined || sameId(appId, wanted))
    if (!app) throw new StepFailure('there is no such app')
    if (!app.webhook) throw new StepFailure('the app has no webhook for calls: give it one in the settings')
    const target =
      typeof to === 'object' && 'instance' in to
        ? identityOf({ applicationInstance: { id: to.instance, displayName: to.name } }, app.tenantId)
        : applicationIdentity(app)
    const call = placeIncoming(world, { app, webhook: app.webhook, source: one.person.identity, target })
    for (const caller of call.conversation.participants.values()) enter(one.person, call.conversation, caller)
    hear(one.person, call, 0)
    const isDecided = () => (call.answeredAt || endOf(one.person) ? true : null)
    const decided = await until(run.stage, isDecided, patience === undefined ? run.lastsMs : msOf(patience))
    if (!decided && !signal.aborted) {
      goAway(one.person)
      return { words: `gave up after ${patience}: nobody had answered` }
    }
    return { words: call.answeredAt ? 'the bot answered' : `the bot did not answer: ${howItEnded(one.person)}` }
  })
}

function outcomeOf(actors: Actor[]): Outcome {
  const all = actors.map(({ view }) => view.outcome)
  return (['running', 'failed', 'stopped'] as const).find((one) => all.includes(one)) ?? 'done'
}

function viewOf({ id, stage, startedAt, state: { endedAt } }: Running, actors: Actor[]) {
  return {
    id,
    outcome: endedAt === null ? 'running' : outcomeOf(actors),
    startedAt: new Date(startedAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    /** What the bot needs to come in, by the script's names. */
    meetings: [...stage.meetings].map(([name, meeting]) => {
      const { id, joinMeetingId, passcode, threadId, joinWebUrl } = meeting
      return { name, id, joinMeetingId, passcode, threadId, joinWebUrl }
    }),
    actors: actors.map((one) => structuredClone(one.view)),
  }
}

/** The people of scripts are of the first app's tenant. */
const tenantOf = ({ settings }: World): string => settings.apps[0]?.tenantId ?? ''

function identityFor({ name, id = randomUUID(), phone, guest }: Written, tenantId: string): IdentitySet {
  const named = { id, displayName: name }
  return identityOf(phone ? { phone } : guest ? { guest: named } : { user: named }, tenantId)
}

/** What people do when their telephones ring. Gives what puts the rules back that were there before. */
function putRules(
  { people: written = [] }: Script,
  { people }: World,
  identities: Map<string, IdentitySet>,
): () => void {
  const outcomes = { answer: 'accept', decline: 'decline', ignore: 'noAnswer', ask: 'ask' } as const
  const before: Person[] = []
  for (const { name, 'when called': onCall, 'when transferred': onTransfer } of written) {
    const id = personId(identities.get(name))
    if (id === null || (!onCall && !onTransfer)) continue
    before.push(people.find(id) ?? { id })
    const [called, moved] = [onCall, onTransfer].map((rule) => (rule ? ringRule(rule) : undefined))
    people.put({
      id,
      onCall: called && outcomes[called.does],
      onTransfer: moved && outcomes[moved.does],
      afterMs: called?.afterMs ?? moved?.afterMs ?? undefined,
    })
  }
  return () => {
    for (const one of before) people.put(one)
  }
}

function makeMeetings(
  { meetings: written = [] }: Script,
  world: World,
  people: Map<string, IdentitySet>,
): Map<string, Meeting> {
  const { meetings } = world
  const made = new Map<string, Meeting>()
  for (const one of written) {
    const { number, passcode, thread, locked, 'lobby bypass': lobbyBypass } = one
    // The same script runs again and again: its meetings take the place of those of the last time.
    const old = [number && meetings.at({ joinMeetingId: number }), thread && meetings.at({ threadId: thread })]
    for (const meeting of old) if (meeting) meetings.remove(meeting.id)
    const meeting = meetings.create({
      tenantId: tenantOf(world),
      organizer: { id: people.get(one.organizer)?.user?.id ?? '', displayName: one.organizer },
      subject: one.name,
      joinMeetingId: number,
      threadId: thread,
      passcode,
      locked,
      lobbyBypass,
    })
    made.set(one.name, meeting)
  }
  return made
}

/** The samples of the script's sounds. Throws a ScriptError for those that are missing or not as prompts are. */
function soundsOf(script: Script): Map<string, Int16Array> {
  const problem = (name: string, message: string) => ({ path: `sounds, ${name}`, message, line: null, column: null })
  const problems = missingSounds(script).map((name) => problem(name, 'is missing: send it in base64'))
  const sounds = new Map<string, Int16Array>()
  for (const [name, base64] of Object.entries(script.sounds ?? {})) {
    const samples = samplesOf(Buffer.from(base64, 'base64'))
    if (samples) sounds.set(name, samples)
    else problems.push(problem(name, 'must be WAV, PCM, mono, 16 bit, 16 kHz'))
  }
  if (problems.length > 0) throw new ScriptError(problems)
  return sounds
}
