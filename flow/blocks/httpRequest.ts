import * as z from 'zod'
import type { AnswerMap } from '../answer.ts'
import { silencing } from '../asking.ts'
import { BlockIssue, defineBlock, type Exit, leave, type Surroundings, stay, type Turn } from '../block.ts'
import { copyCost, spend } from '../budget.ts'
import { FlowError } from '../error.ts'
import { canAssign, costOfAll, type Expression } from '../expressionFacts.ts'
import { VariableName } from '../flow.ts'
import { NamedValueName } from '../named.ts'
import { OptionalPrompt, spoken } from '../prompt.ts'
import { issueAt, type Part, readForm, readHeader, readJson, readUrl } from '../requestParts.ts'
import type { ServiceRequest } from '../talk.ts'

const HeaderName = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/) // RFC 9110, 5.1
/** Of the connection, of a session, or where the secret goes: not to be written as a text of the flow. */
const ownHeaders =
  /^(host|connection|content-length|transfer-encoding|keep-alive|te|trailer|upgrade|expect|cookie|authorization|accept-encoding|proxy-.*)$/i
/** Of every request, and told to every host. */
const publicHeaders = /^(accept|content-type)$/i

const Field = z.object({ name: z.string().trim().min(1).max(100), value: z.string().max(2_000) })
const withBody = { method: ['POST', 'PUT', 'PATCH'] }

const settings = z.object({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET').meta({ control: 'choice' }),
  url: z.string().trim().min(1).max(2_000).meta({ control: 'valued' }),
  auth: z.enum(['none', 'bearer', 'basic', 'header']).default('none').meta({ control: 'choice' }),
  secret: z
    .string()
    .trim()
    .max(64)
    .default('')
    .meta({ control: 'secret', shownWhen: { auth: ['bearer', 'basic', 'header'] } }),
  user: z
    .string()
    .max(200)
    .default('')
    .meta({ control: 'text', shownWhen: { auth: ['basic'] } }),
  secretHeader: z
    .string()
    .trim()
    .max(100)
    .default('')
    .meta({ control: 'text', shownWhen: { auth: ['header'] } }),
  bodyKind: z.enum(['none', 'json', 'form']).default('none').meta({ control: 'choice', shownWhen: withBody }),
  json: z
    .string()
    .max(10_000)
    .default('')
    .meta({ control: 'code', shownWhen: { ...withBody, bodyKind: ['json'] } }),
  form: z
    .array(Field)
    .max(30)
    .default([])
    .meta({ control: 'fields', shownWhen: { ...withBody, bodyKind: ['form'] } }),
  statuses: z
    .array(
      z
        .string()
        .trim()
        .regex(/^[1-5](xx|\d\d)$/),
    )
    .max(20)
    .default(['2xx'])
    .meta({ control: 'list', section: 'answer' }),
  map: z
    .array(z.object({ variable: VariableName, value: z.string().min(1) }))
    .max(20)
    .default([])
    .meta({ control: 'assignments', section: 'answer', names: ['response'] }),
  filler: OptionalPrompt.default('One moment, please.').meta({ control: 'multiline', section: 'waiting' }),
  fillerSeconds: z.number().min(0.5).max(3).default(1.5).meta({ control: 'seconds', section: 'waiting' }),
  timeoutSeconds: z.number().min(1).max(30).default(10).meta({ control: 'seconds', section: 'waiting' }),
  headers: z.array(Field).max(20).default([]).meta({ control: 'fields', more: true }),
  retries: z
    .int()
    .min(0)
    .max(3)
    .default(0)
    .meta({ control: 'times', more: true, shownWhen: { method: ['GET', 'PUT', 'DELETE'] } }),
  redirectsTo: z
    .array(
      z
        .string()
        .trim()
        .regex(/^[a-z0-9.-]+(:\d{1,5})?$/),
    )
    .max(10)
    .default([])
    .meta({ control: 'list', more: true }),
})

type Settings = z.output<typeof settings>

const failures = ['timeout', 'network', 'badBody'] as const

/** Each status that the author names has a way of its own; the exact one comes before its class. */
const statusExits = ({ statuses }: Settings): Exit[] => [...new Set(statuses)].map((name) => ({ name, label: name }))

/**
 * Asks a service, and goes on by its status. Callers hear the filler when it takes longer; what the service answers is taken into
 * variables by expressions over `response`. The flow names the secret and never has it.
 */
export const httpRequest = defineBlock({
  type: 'httpRequest',
  category: 'data',
  icon: 'globe',
  settings,
  decides: true,
  needsCaller: false,
  defaults: { url: '' },
  exits: (set) => [
    ...statusExits(set),
    { name: 'other', optional: true },
    ...failures.map((name): Exit => ({ name, optional: true, ...(name !== 'network' && { fallback: 'network' }) })),
  ],
  summary: ({ method, url }) => (url === '' ? '' : `${method} ${url}`),
  open(set, surroundings) {
    const parts = partsOf(set, surroundings)
    const takes = mapOf(set, surroundings)
    const expressions = [
      ...parts.all.flatMap(({ part }) => part.expressions),
      ...takes.map(({ expression }) => expression),
    ]
    const copying = Object.keys(surroundings.variables).length * copyCost
    const exits = new Set(set.statuses)
    const exitOf = (status: number) =>
      [String(status), `${Math.floor(status / 100)}xx`].find((name) => exits.has(name)) ?? 'other'
    const filler = spoken(set.filler)
    const wait = { type: 'startTimer', timer: 'block', ms: set.fillerSeconds * 1000 } as const
    const silence = stay({ again: true, asks: [wait], data: { playing: false } })
    return {
      prompts: filler,
      ...(filler.length === 0 && { silence: { ms: longestMs(set), field: 'filler' } }),
      sets: takes.map(({ variable, expression }, n) => ({ variable, expression, field: `map.${n}` })),
      reads: [...new Set(expressions.flatMap(({ reads }) => reads))].filter((name) => name !== 'response'),
      cost:
        costOfAll(parts.all.flatMap(({ part }) => part.expressions.map((expression) => ({ expression })))) + copying,
      names: set.auth === 'none' ? [] : [{ kind: 'secret', name: set.secret, field: 'secret' }],
      tells: [{ reads: parts.url.expressions.flatMap(({ reads }) => reads), field: 'url' }],
      ...(set.auth !== 'none' && { signsIn: { secret: set.secret, addressBy: addressBy(parts.url) } }),
      takes,
      step({ event, data, variables, budget, callerThere }: Turn<{ playing: boolean }>) {
        switch (event.type) {
          case 'entered': {
            const request = requestOf(set, parts, (expression) => expression.evaluate(variables, budget))
            const asks =
              filler.length > 0 && callerThere
                ? [{ type: 'request', request } as const, wait]
                : [{ type: 'request', request } as const]
            return stay({ asks, data: { playing: false } })
          }
          case 'timerElapsed':
            // Each is a turn of its own: what is told twice of the one before counts for nothing.
            return stay({
              again: true,
              asks: [{ type: 'play', prompts: filler }],
              data: { playing: true },
              unsaid: silence,
            })
          case 'promptFinished':
            return data?.playing ? silence : undefined
          case 'responded': {
            const asks = silencing(data?.playing === true)
            const { answer } = event
            if ('failed' in answer)
              return leave(answer.failed, { asks, detail: { problem: answer.problem, ms: answer.ms } })
            spend(budget, copying)
            return leave(exitOf(answer.status), {
              asks,
              variables: { ...variables, ...answer.values },
              detail: { status: answer.status, ms: answer.ms },
            })
          }
          case 'failed':
            // Nobody is lost by a filler that is not heard, and silence has an end: it is tried again.
            if (event.command !== 'request') return silence
            return leave('error', { asks: silencing(data?.playing === true), detail: { problem: event.problem } })
        }
      },
    }
  },
})

/** How long callers may wait for the answer. */
const longestMs = ({ timeoutSeconds, method, retries }: Settings): number =>
  timeoutSeconds * 1000 * (1 + retriesOf(method, retries))

/** Only what may be repeated is. */
const retriesOf = (method: Settings['method'], retries: number): number =>
  method === 'POST' || method === 'PATCH' ? 0 : retries

type Parts = ReturnType<typeof partsOf>

/** All texts that have values in them, read. */
function partsOf(set: Settings, { parse, variables }: Surroundings) {
  // A variable of that name is the flow's own, and may hold whatever a caller has said.
  const trusted = Object.hasOwn(variables, 'env') ? [] : ['env']
  const hasBody = withBody.method.includes(set.method)
  const url = issueAt('url', () => readUrl(set.url, parse, trusted))
  const headers = set.headers.map(({ name, value }, n) => {
    const field = `headers.${n}`
    if (!HeaderName.safeParse(name).success || ownHeaders.test(name)) throw new BlockIssue(field, 'headerName', name)
    return { name: name.toLowerCase(), part: issueAt(field, () => readHeader(value, parse)) }
  })
  const body =
    !hasBody || set.bodyKind === 'none'
      ? null
      : set.bodyKind === 'json'
        ? { type: 'application/json', part: issueAt('json', () => readJson(set.json, parse)) }
        : { type: 'application/x-www-form-urlencoded', part: issueAt('form', () => readForm(set.form, parse)) }
  if (set.auth !== 'none' && !NamedValueName.safeParse(set.secret).success)
    throw new BlockIssue('secret', set.secret === '' ? 'required' : 'invalid_format')
  if (
    set.auth === 'header' &&
    (!HeaderName.safeParse(set.secretHeader).success ||
      (ownHeaders.test(set.secretHeader) && set.secretHeader.toLowerCase() !== 'authorization'))
  )
    throw new BlockIssue('secretHeader', 'headerName', set.secretHeader)
  if (set.auth === 'header' && publicHeaders.test(set.secretHeader))
    throw new BlockIssue('secretHeader', 'headerNotSecret', set.secretHeader)
  const all: { field: string; part: Part<string> }[] = [
    { field: 'url', part: url },
    ...headers.map(({ part }, n) => ({ field: `headers.${n}`, part })),
    ...(body ? [{ field: set.bodyKind, part: body.part }] : []),
  ]
  return { url, headers, body, all }
}

function mapOf({ map }: Settings, { variables, parse }: Surroundings): AnswerMap {
  return map.map(({ variable, value }, n) => {
    const field = `map.${n}`
    const type = variables[variable]?.type
    if (type === undefined) throw new BlockIssue(field, 'unknownVariable', variable)
    const expression = issueAt(field, () => parse(value, ['response']))
    if (!canAssign(type, expression)) throw new BlockIssue(field, 'wrongType', variable)
    return { variable, type, expression, usesBody: /\bbody\b/.test(value) }
  })
}

/** The beginning of the address by values of the environment; null when they are not there, or make no address. */
const addressBy =
  ({ beginning }: Parts['url']) =>
  (env: Readonly<Record<string, string>>): string | null => {
    try {
      const address = beginning((expression) => expression.evaluate({ env }))
      return URL.canParse(address) ? address : null
    } catch (error) {
      if (error instanceof FlowError) return null
      throw error
    }
  }

/** @throws FlowError for a value that its place cannot take */
function requestOf(
  set: Settings,
  { url, headers, body }: Parts,
  evaluate: (expression: Expression) => ReturnType<Expression['evaluate']>,
): ServiceRequest {
  const { method, auth, secret, user, secretHeader, timeoutSeconds, retries, redirectsTo } = set
  return {
    method,
    url: url.make(evaluate),
    headers: {
      accept: 'application/json',
      ...(body && { 'content-type': body.type }),
      ...Object.fromEntries(headers.map(({ name, part }) => [name, part.make(evaluate)])),
    },
    body: body?.part.make(evaluate) ?? null,
    auth: auth === 'none' ? null : { kind: auth, secret, user, header: secretHeader.toLowerCase() },
    timeoutMs: timeoutSeconds * 1000,
    retries: retriesOf(method, retries),
    redirectsTo,
  }
}
