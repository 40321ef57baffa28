import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { realClock, sleep } from '#ground/clock.ts'
import { parseOrRefuse, Refusal } from '../wire/refusal.ts'
import { parseScript, ScriptError } from './script.ts'
import type { ScriptRun, Scripts } from './scriptRunner.ts'
import { parseScriptYaml } from './scriptYaml.ts'

/** The control API's part about scripts. Sounds come with the script: no path of this machine is ever read from here. */

/** As for speech: a script may carry its sounds, and base64 takes a third more. */
const maxScriptBytes = 28_000_000

const waitFor = z.object({ timeoutMs: z.coerce.number().int().min(0).max(3_600_000).default(120_000) })
type On = { Params: { id: string } }

export async function scriptRoutes(server: FastifyInstance, { scripts }: { scripts: Scripts }): Promise<void> {
  const yaml = ['application/yaml', 'text/yaml', 'application/x-yaml', 'text/x-yaml']
  server.addContentTypeParser(yaml, { parseAs: 'string', bodyLimit: maxScriptBytes }, (_request, body, done) =>
    done(null, String(body)),
  )
  const runOf = (id: string): ScriptRun => {
    const run = scripts.find(id)
    if (run) return run
    throw new Refusal(404, 'scriptNotFound', 'There is no such script.', { next: 'GET /emulator/scripts lists them.' })
  }

  server.post('/emulator/scripts', { bodyLimit: maxScriptBytes }, async ({ body }, reply) => {
    const { id } = orRefuse(() => scripts.start(typeof body === 'string' ? parseScriptYaml(body) : parseScript(body)))
    return reply.status(201).header('location', `/emulator/scripts/${id}`).send({ id })
  })
  server.get('/emulator/scripts', async () => scripts.list())
  server.get<On>('/emulator/scripts/:id', async ({ params }) => runOf(params.id).view())
  server.get<On>('/emulator/scripts/:id/wait', async ({ params, query }) => {
    const { timeoutMs } = parseOrRefuse(waitFor, query, 'badRequest')
    const run = runOf(params.id)
    const enough = new AbortController()
    // Real time also where the emulator's is virtual: who asks over HTTP waits in theirs, and would wait for ever in the other.
    const view = await Promise.race([run.over, sleep(realClock, timeoutMs, enough.signal)])
    enough.abort()
    if (view) return view
    throw new Refusal(408, 'didNotHappen', 'The script is not over yet.', {
      next: 'GET /emulator/scripts/:id shows where everybody stands.',
    })
  })
  server.delete<On>('/emulator/scripts/:id', async ({ params }, reply) => {
    runOf(params.id).stop()
    return reply.status(204).send()
  })
}

function orRefuse<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error
    throw new Refusal(400, error.code, error.message, { next: 'Correct the script and send it again.' })
  }
}
