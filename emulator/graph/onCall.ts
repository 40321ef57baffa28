import type { CallState } from '#communications/wire/types.ts'
import type { App } from '../settings.ts'
import { callNotFound, Refusal } from '../wire/refusal.ts'
import type { Call } from '../world/call.ts'
import { findCall } from '../world/calls.ts'
import { isGroup, waitsInLobby } from '../world/conversation.ts'
import type { Operation as CallOperation } from '../world/operations.ts'
import { lacksPermission, type Needs, requireNeeds } from './needs.ts'
import {
  type Asked,
  type Definition,
  define,
  type GraphRequest,
  type Method,
  type Operation,
  type Paths,
  pathsBelow,
} from './operation.ts'

/** Operations on calls, in the order of their checks: token, calling enabled, call, tenant, body, permission, state, media, group. */

export const callsPath = '/communications/calls'
const badBody = '8523'

/** What an operation on calls says, on all of them or on one. */
type CallDefinition<Path extends string, Body, About> = Definition<Path, Body, About> & {
  /** Left out where the page says that permission was checked when the call was made, lists none, or is not there. */
  needs?: Needs
  /** What it needs besides, where that depends on the request. */
  needsFor?(asked: Asked<Path, Body> & About): Needs[]
}

/** On all calls: whoever asks need not have one. */
export const onCalls = <Path extends string, Body = unknown>(
  operation: string,
  method: Method,
  paths: Paths<Path>,
  definition: CallDefinition<Path, Body, { app: App }> & {
    /** Refuses what is not for this app to ask, before its permissions are looked at. */
    refuse?(asked: Asked<Path, Body> & { app: App }): void
  },
): Operation =>
  define({ operation, method, paths: pathsBelow(callsPath, paths) }, definition, {
    badBody,
    find: (request) => ({ app: authorize(request) }),
    check(asked) {
      definition.refuse?.(asked)
      requireCallNeeds(definition, asked)
    },
  })

/** When a call takes a request. */
type Condition = {
  /** `established` unless told otherwise. */
  states?: readonly CallState[]
  /** Who hosts its media. */
  media?: 'serviceHosted' | 'appHosted'
  groupOnly?: true
  /** The bot can ask it while it waits in the lobby: a project choice, like everything that the record does not say of it. */
  inLobby?: true
}

/** On one call; the path stands below it. */
export const onCall = <Path extends string, Body = unknown>(
  operation: string,
  method: Method,
  paths: Paths<Path>,
  definition: CallDefinition<Path, Body, { call: Call }> & Condition,
): Operation =>
  define({ operation, method, paths: pathsBelow(`${callsPath}/:id`, paths) }, definition, {
    badBody,
    find(request) {
      authorize(request)
      return { call: callOf(request) }
    },
    check(asked) {
      requireCallNeeds(definition, asked)
      refuseWrongCondition(definition, asked.call)
    },
  })

const requireCallNeeds = <Path extends string, Body, About>(
  { needs, needsFor }: CallDefinition<Path, Body, About>,
  asked: Asked<Path, Body> & About,
) => requireNeeds(asked, needs, ...(needsFor?.(asked) ?? []))

/** Throws a Refusal 403: 7504 for the token of a signed-in user, which no calls API takes, 7503 for an app without calling. */
function authorize({ bearer, world }: GraphRequest): App {
  if (bearer.user) throw lacksPermission()
  const app = world.settings.apps.find(({ appId }) => appId === bearer.appId)
  if (app?.webhook) return app
  throw new Refusal(403, '7503', 'Application is not registered in our store.')
}

function callOf({ world, params, bearer }: GraphRequest): Call {
  const call = findCall(world, params.id ?? '')
  if (!call || call.appId !== bearer.appId) throw callNotFound()
  if (call.tenantId === bearer.tenantId) return call
  throw new Refusal(403, '7505', 'Request authorization tenant mismatch.')
}

/**
 * In which states a call takes which request. The windows of answer, reject and redirect are documented, the rest is inferred from
 * the wording "active call" (contract: state-machine.json). `ringing`, `hold` and `redirecting` exist in that table too; of these the
 * emulator reaches `redirecting` only.
 */
export const active: readonly CallState[] = [
  'incoming',
  'establishing',
  'established',
  'transferring',
  'transferAccepted',
  'redirecting',
]
/** As long as the call can be read. */
export const readable: readonly CallState[] = [...active, 'terminating']

/**
 * Throws what the service answers to a request that the call does not take now, or never takes. Graph documents neither; these are
 * the sister service's codes. A call that ended is not found (documented for keepAlive).
 */
function refuseWrongCondition({ states = ['established'], media, groupOnly, inLobby }: Condition, call: Call): void {
  refuseWrongState(states, call.state)
  if (media && call.terms.media !== media) {
    throw new Refusal(
      400,
      '8500',
      `The call has no ${media === 'serviceHosted' ? 'service' : 'application'}-hosted media.`,
    )
  }
  // Which error it brings is not documented; what waits outside is in no conversation yet.
  if (waitsInLobby(call) && !inLobby) throw new Refusal(400, '8585', 'Action is not valid in the lobby.')
  if (groupOnly && !isGroup(call.conversation)) {
    throw new Refusal(400, '8585', 'Action is valid in group calls and meetings only.')
  }
}

function refuseWrongState(states: readonly CallState[], state: CallState): void {
  if (state === 'terminated') throw callNotFound()
  if (states.includes(state)) return
  if (state === 'terminating') throw new Refusal(400, '8528', 'Call is already terminated.')
  const tooEarly = state === 'incoming' || state === 'establishing'
  if (tooEarly && !states.includes('incoming')) throw new Refusal(400, '8501', 'Call is not established.')
  throw new Refusal(400, '8585', 'Action is not valid in the current call state.')
}

/** The operation, and where it can be read again. */
export const operationOf = (call: Call, operation: CallOperation) => ({
  body: operation,
  location: `${callsPath}/${call.id}/operations/${operation.id}`,
})
