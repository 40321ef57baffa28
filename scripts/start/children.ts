import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createStream, type RotatingFileStream } from 'rotating-file-stream'
import { pauseBefore, steadyMs } from './pause.ts'

/** A part that ended by itself: how, its last words, and in what time it begins again; null if it does not. */
export type Ending = { name: string; how: string; lastLines: string[]; againInMs: number | null }

type Deps = {
  /** The folder of their logs. */
  logs: string
  /** False while a start is not done: what ends then has a fault that another start does not mend. */
  mayBeginAgain(): boolean
  onEnd(ending: Ending): void
}

/** One part over all its processes. */
type Part = {
  name: string
  log: RotatingFileStream
  begin(): ChildProcess
  child: ChildProcess
  ended: Promise<void>
  lastLines: string[]
  /** How often it has ended by itself, each time soon after it began. */
  endings: number
  again?: NodeJS.Timeout
}

const stopLimitMs = 8000
const mostLastLines = 20

/**
 * Begins in each part before all else. A part that outlived a start which was killed would go on calling on a database that the
 * next start uses too. The channel to the parent breaks with the parent, whatever ended it. Next hands it on to its own workers, whose
 * channel is another: a worker that did not wait for word on it ended by itself, with code 0, whenever the word was late.
 */
const endWithParent = `
  if (process.ppid === ${process.pid}) {
    const all = process.platform === 'win32' ? process.pid : -process.pid
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {}) // nobody reads them any more
    process.once('disconnect', () => {
      process.kill(all, 'SIGTERM')
      setTimeout(() => process.kill(all, 'SIGKILL'), ${stopLimitMs})
    })
    process.channel?.unref()
  }`
const preload = ['--import', `data:text/javascript,${encodeURIComponent(endWithParent)}`]

/**
 * The processes that belong to one start: each with a log of its own, ended together, last started first, and by the system if this
 * process is killed. One that ends by itself begins again, alone.
 */
export function createChildren(deps: Deps) {
  const parts: Part[] = []
  const stopping = new AbortController()
  return {
    start(name: string, args: string[], env: Record<string, string | undefined>) {
      const begin = () =>
        spawn(process.execPath, [...preload, ...args], {
          env: { ...process.env, ...env },
          stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
          // Ctrl+C goes to this process alone, which ends the others in order.
          detached: process.platform !== 'win32',
        })
      // Callers' ids stand in it: nobody else on this machine reads it.
      const log = createStream(`${name}.log`, { path: deps.logs, size: '10M', rotate: 5, mode: 0o600 })
      const part: Part = { name, log, begin, child: begin(), ended: Promise.resolve(), lastLines: [], endings: 0 }
      parts.push(part)
      lookAfter(part, deps, stopping.signal)
    },
    async stop() {
      stopping.abort()
      for (const { child, ended, again, log } of parts.reverse()) {
        clearTimeout(again)
        if (child.exitCode === null && child.signalCode === null) {
          signal(child, 'SIGTERM')
          const late = setTimeout(() => signal(child, 'SIGKILL'), stopLimitMs)
          await ended
          clearTimeout(late)
        }
        log.end()
      }
    },
  }
}

/** Writes down what a process of this part says, and begins another when it ends by itself. */
function lookAfter(part: Part, deps: Deps, stopping: AbortSignal): void {
  const began = performance.now()
  const { child, lastLines, log } = part
  const keep = (data: Buffer) => {
    log.write(data)
    lastLines.push(...data.toString().split('\n').filter(Boolean))
    lastLines.splice(0, Math.max(0, lastLines.length - mostLastLines))
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  part.ended = once(child, 'exit').then(([code, signalName]) => {
    if (stopping.aborted) return
    signal(child, 'SIGKILL') // What it started itself, and left behind, holds its port.
    part.endings = performance.now() - began > steadyMs ? 1 : part.endings + 1
    const againInMs = deps.mayBeginAgain() ? pauseBefore(part.endings) : null
    deps.onEnd({ name: part.name, how: signalName ?? `code ${code}`, lastLines: [...lastLines], againInMs })
    if (againInMs === null) return
    part.again = setTimeout(() => {
      part.child = part.begin()
      lookAfter(part, deps, stopping)
    }, againInMs)
  })
}

/** To the process and all that it started: Next has workers of its own. */
function signal({ pid }: ChildProcess, name: 'SIGTERM' | 'SIGKILL') {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, name)
  } catch {
    // It has just ended by itself.
  }
}
