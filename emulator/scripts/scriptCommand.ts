import { readFileSync, realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import type { Clock } from '#ground/clock.ts'
import { isVirtual } from '../virtualClock.ts'
import { lastsAtMost, missingSounds, msOf, type Script, ScriptError } from './script.ts'
import type { RunView, Scripts } from './scriptRunner.ts'
import { parseScriptYaml } from './scriptYaml.ts'

/** Scripts as files, for the command line. The control API reads no files. */

/** Reads a script, with the sounds beside it and in folders below. Throws a ScriptError, or what reading the script itself throws. */
export function readScriptFile(path: string): Script {
  const script = parseScriptYaml(readFileSync(path, 'utf8'))
  const folder = realpathSync(dirname(path))
  const found = missingSounds(script).map((name) => [name, readBelow(folder, name).toString('base64')])
  return found.length === 0 ? script : { ...script, sounds: { ...script.sounds, ...Object.fromEntries(found) } }
}

function readBelow(folder: string, name: string): Buffer {
  const problem = (message: string) => new ScriptError([{ path: `speak ${name}`, message, line: null, column: null }])
  const file = (() => {
    try {
      return realpathSync(join(folder, name))
    } catch {
      throw problem('there is no such file beside the script')
    }
  })()
  // Also a link that leads out is out.
  if (!file.startsWith(folder + sep)) throw problem('is not in the folder of the script')
  return readFileSync(file)
}

/** Runs a script to its end; virtual time is moved by it. Throws a ScriptError for one that cannot begin. */
export async function runToEnd(
  { scripts, clock }: { scripts: Scripts; clock: Clock },
  script: Script,
): Promise<RunView> {
  const run = scripts.start(script)
  if (isVirtual(clock)) {
    await clock.runUntil(() => run.view().outcome !== 'running', 2 * msOf(script.within ?? lastsAtMost))
  }
  return run.over
}

/** How it went, to be read on a terminal: one line for each actor, and all steps of those who failed. */
export function reportOf({ outcome, startedAt, endedAt, actors }: RunView): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
  const took = seconds(Date.parse(endedAt ?? startedAt) - Date.parse(startedAt))
  const lines = actors.flatMap((actor) => [
    actor.words,
    ...(actor.outcome === 'done' ? [] : actor.steps).map(
      ({ fromMs, outcome: how, step, words }) =>
        `  ${seconds(fromMs).padStart(8)}  ${how}: ${step}${words ? ` (${words})` : ''}`,
    ),
  ])
  return [`${outcome} after ${took}`, ...lines].join('\n')
}
