import * as z from 'zod'
import { hostOf } from './hosts.ts'
import { isLoopbackHost } from './loopback.ts'

const portWords = 'must be a port: a whole number from 0 to 65535. Set it to one that is free, or leave it out'

/** A TCP port in the environment; 0 lets the system choose one. */
export const port = z.coerce.number(portWords).int(portWords).min(0, portWords).max(65_535, portWords)

/** The address of a PostgreSQL. */
export const databaseUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error:
    'must be the address of a PostgreSQL, such as postgresql://user:password@host:5432/name. "npm start" starts one of its own when it is left out',
})

/** Keys for what is kept sealed, 32 bytes each in base64 (store/sealed.ts). The first seals; with commas between them, the others still open. */
export const dataKey = z
  .string()
  .regex(
    /^[A-Za-z0-9+/]{43}=( *, *[A-Za-z0-9+/]{43}=)*$/,
    'must be 32 random bytes in base64, as "openssl rand -base64 32" prints; several with commas between',
  )

/** Hosts of this machine, with port, that requests of flows may go to; commas between. */
export const localServices = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((host) => host.trim().toLowerCase())
      .filter((host) => host !== ''),
  )
  .refine((hosts) => hosts.every((host) => isLoopbackHost(host) && /:\d{1,5}$/.test(host)), {
    message: 'must name hosts of this machine with their ports, such as localhost:4010, with commas between',
  })

/**
 * Secrets and other values that flows name, from the environment: `FLOW_SECRET_crmToken` with the hosts that it may go to in
 * `FLOW_HOSTS_crmToken`, commas between; `FLOW_VALUE_crmUrl`.
 * @throws Error for what is no host
 */
export function namedIn(environment: Record<string, string | undefined>): NamedInEnvironment {
  const named = (prefix: string) =>
    new Map(
      Object.entries(environment).flatMap(([name, text]) =>
        name.startsWith(prefix) && text ? [[name.slice(prefix.length), text] as const] : [],
      ),
    )
  const hosts = named('FLOW_HOSTS_')
  const secrets = [...named('FLOW_SECRET_')].map(
    ([name, text]) => [name, { text, hosts: hostsIn(`FLOW_HOSTS_${name}`, hosts.get(name) ?? '') }] as const,
  )
  return { values: named('FLOW_VALUE_'), secrets: new Map(secrets) }
}

export type NamedInEnvironment = {
  values: ReadonlyMap<string, string>
  secrets: ReadonlyMap<string, { text: string; hosts: readonly string[] }>
}

function hostsIn(setting: string, text: string): string[] {
  const named = text.split(',').filter((host) => host.trim() !== '')
  const hosts = named.flatMap((host) => hostOf(host) ?? [])
  if (hosts.length < named.length)
    throw new Error(`${setting} must name hosts, such as crm.example.com or localhost:4010, with commas between.`)
  return hosts
}

/** Where Teams reaches the bot. */
export const publicUrl = z.url({
  protocol: /^https$/,
  error: 'must be an https address, such as https://bot.example.com: Graph calls back only there',
})

/** A setting that may be left out, or left empty as in a copy of .env.example. */
export const optional = <T extends z.ZodType>(schema: T) =>
  z.union([z.literal('').transform(() => undefined), schema]).optional()

/** What is wrong with an environment, a line for each setting: its name, what was given unless that may be secret, and what to do. */
export function faultsOf({ issues }: z.ZodError, environment: Record<string, string | undefined>): string {
  return issues.map((issue) => faultOf(issue, environment)).join('\n')
}

function faultOf(issue: z.core.$ZodIssue, environment: Record<string, string | undefined>): string {
  const name = issue.path.join('.')
  const value = environment[name]
  // Of a setting that may be left empty, only what the other form asks for is worth saying.
  const inner = issue.code === 'invalid_union' ? issue.errors.at(-1)?.[0] : undefined
  const what = inner?.message ?? issue.message
  const given = !value ? 'is not set; it' : maySpeak(name, value) ? `is ${JSON.stringify(value.slice(0, 80))}; it` : ''
  return `${[name, given, what].filter(Boolean).join(' ')}.`
}

/** Passwords stand in addresses too, before an @ or behind a ?, and in PostgreSQL's other form: `host=h password=p`. */
const maySpeak = (name: string, value: string) =>
  !/SECRET|KEY|TOKEN|PASSWORD/.test(name) && !/[@?]|password/i.test(value)
