import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'

type Child = { name: string; process: ChildProcess; ended: Promise<void>; lastLines: string[] }

const stopLimitMs = 8000

/** The processes that belong to one start: each with a log of its own, ended together, last started first. */
export function createChildren(logs: string, onEnd: (name: string, lastLines: string[]) => void) {
  const children: Child[] = []
  let stopping = false
  mkdirSync(logs, { recursive: true })
  return {
    start(name: string, args: string[], env: Record<string, string | undefined>) {
      const child = spawn(process.execPath, args, {
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        // Ctrl+C goes to this process alone, which ends the others in order.
        detached: process.platform !== 'win32',
      })
      const log = createWriteStream(join(logs, `${name}.log`))
      const lastLines: string[] = []
      const keep = (data: Buffer) => {
        log.write(data)
        lastLines.push(...data.toString().split('\n').filter(Boolean))
        lastLines.splice(0, Math.max(0, lastLines.length - 20))
      }
      child.stdout.on('data', keep)
      child.stderr.on('data', keep)
      const ended = new Promise<void>((resolve) => {
        child.once('exit', () => {
          log.end()
          resolve()
          if (!stopping) onEnd(name, lastLines)
        })
      })
      children.push({ name, process: child, ended, lastLines })
    },
    async stop() {
      stopping = true
      for (const { process: child, ended } of children.reverse()) {
        if (child.exitCode !== null || child.signalCode !== null) continue
        signal(child, 'SIGTERM')
        const late = setTimeout(() => signal(child, 'SIGKILL'), stopLimitMs)
        await ended
        clearTimeout(late)
      }
    },
  }
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
