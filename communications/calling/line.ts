import { setMaxListeners } from 'node:events'
import type { Cancel } from '#ground/clock.ts'
import type { CallRef } from '../requests/ask.ts'
import type { CommsOperation } from '../wire/types.ts'
import { askGraph } from './askGraph.ts'
import { createEmitter, quietly } from './emitter.ts'
import { beginFollowing, follow } from './follow.ts'
import type { Ask, CallEvent, News, Pace, Step } from './followed.ts'
import type { CallEvents, CallSettings, LiveCall } from './liveCall.ts'
import type { CallView } from './observe.ts'
import { isOnlyTheEnd } from './operations.ts'

/** A followed call at work: it carries out what `follow` decides, with timers, requests and promises. All of it ends with the call. */
export type Line = ReturnType<typeof createLine>

export type Stopped = 'callEnded' | 'closed'

/** What a timer of Node holds; a longer one would go off at once. */
const longestTimerMs = 2 ** 31 - 1

const nothing = () => {}

export function createLine(
  ref: CallRef,
  begin: { view: CallView; firstKeepAliveMs: number },
  settings: CallSettings,
  { call, onEnd }: { call(): LiveCall; onEnd(): void },
) {
  const { keepAliveMs, toneGapMs, establishGuardMs: establishedMs } = settings
  const pace: Pace = { establishedMs, keepAliveMs, toneGapMs, goneMs: 0 }
  const onError = quietly((error) => settings.onError(error, call()))
  const emitter = createEmitter<CallEvents>((error) => {
    if (!isOnlyTheEnd(error)) onError(error)
  })
  const first = beginFollowing(begin.view, pace, begin.firstKeepAliveMs)
  const line = {
    ref,
    settings,
    pace,
    emitter,
    onError,
    onEnd,
    known: first.known,
    /** Set when nothing is followed any more: why. */
    stopped: null as Stopped | null,
    /** Every request of the call listens to it. */
    over: new AbortController(),
    timers: new Set<Cancel>(),
    /** The timers of `follow`, by name. */
    named: new Map<string, Cancel>(),
    /** Promises that cannot outlive the call. */
    pending: new Set<(why: Stopped) => void>(),
    /** Who waits for the end of an operation, by its context; null is told when Graph never said how it went. */
    waiters: new Map<string, (outcome: CommsOperation | null) => void>(),
  }
  // However many requests there are at once.
  setMaxListeners(0, line.over.signal)
  // First of all handlers, so that whoever hears of the end finds everything settled.
  emitter.on('ended', () => stop(line, 'callEnded'))
  void carry(line, first)
  return line
}

/** Takes in a piece of news. Resolves when what Graph had to be asked because of it is answered, and taken in as well. */
export async function take(line: Line, news: News): Promise<void> {
  if (!line.stopped) await carry(line, follow(line.known, news, line.pace))
}

/** News first become what is known, and then are told. */
async function carry(line: Line, { known, told, asks }: Step): Promise<void> {
  line.known = known
  const questions = asks.map((ask) => carryOut(line, ask))
  for (const event of told) tell(line, event)
  await Promise.all(questions)
}

async function carryOut(line: Line, ask: Ask): Promise<void> {
  const { named, ref, settings, over } = line
  switch (ask.type) {
    case 'cancel':
      named.get(ask.timer)?.()
      named.delete(ask.timer)
      return
    case 'wait': {
      named.get(ask.timer)?.()
      const ring = () => {
        named.delete(ask.timer)
        void take(line, { type: 'rang', timer: ask.timer })
      }
      named.set(ask.timer, after(line, ask.ms, ring))
      return
    }
    default: {
      const tellError = (error: unknown) => {
        if (!line.stopped) line.onError(error)
      }
      await take(line, await askGraph(ask, ref, settings.client, { signal: over.signal }, tellError))
    }
  }
}

function tell({ emitter, waiters }: Line, event: CallEvent) {
  switch (event.type) {
    case 'established':
    case 'mediaActive':
    case 'transferred':
      return emitter.emit(event.type, undefined)
    case 'stateChanged':
      return emitter.emit('stateChanged', { from: event.from, to: event.to })
    case 'mediaState':
      return emitter.emit('mediaState', { active: event.active })
    case 'transferFailed':
      return emitter.emit('transferFailed', { resultInfo: event.resultInfo })
    case 'ended': {
      const { type: _type, ...how } = event
      return emitter.emit('ended', how)
    }
    case 'tone':
      return emitter.emit('tone', event.tone)
    case 'roster':
      return emitter.emit('roster', event.change)
    case 'operation':
      return emitter.emit('operation', event.operation)
    case 'operationEnded':
      return waiters.get(event.context)?.(event.operation)
    case 'transferUnknown':
      return waiters.get('transfer')?.(null)
    case 'other':
      return emitter.emit('other', event.notification)
  }
}

/** A timer that ends with the call, of any length: Infinity never goes off. */
export function after(line: Line, ms: number, act: () => void): Cancel {
  if (line.stopped || ms === Number.POSITIVE_INFINITY) return nothing
  const part = Math.min(ms, longestTimerMs)
  let rest: Cancel = nothing
  const cancel = line.settings.clock.after(part, () => {
    line.timers.delete(cancel)
    if (ms > part) rest = after(line, ms - part, act)
    else act()
  })
  line.timers.add(cancel)
  return () => {
    line.timers.delete(cancel)
    cancel()
    rest()
  }
}

/** Nothing is followed any more. */
export function stop(line: Line, why: Stopped): void {
  if (line.stopped) return
  line.stopped = why
  for (const cancel of line.timers) cancel()
  line.timers.clear()
  for (const settle of [...line.pending]) settle(why)
  line.over.abort()
  line.onEnd()
}
