import { GraphError } from './error.ts'
import { createGraph, type GraphAnswer, type GraphSettings } from './graph.ts'
import { readCall, readOperation } from './read.ts'
import type {
  AnswerBody,
  Call,
  CancelMediaProcessingBody,
  ChatInfo,
  CommsOperation,
  CreateCallBody,
  Identity,
  IdentitySet,
  MediaConfig,
  MediaInfo,
  MeetingInfo,
  Modality,
  OperationType,
  PlayPromptBody,
  RejectBody,
  RejectReason,
  SubscribeToToneBody,
  TransferBody,
} from './words.ts'

/** Which call, and whose: the token must be of the call's tenant, else Graph answers 403/7505. `id` as Graph spelled it. */
export type CallRef = { id: string; tenantId: string }

/** Whom to call or to transfer to: a user's object id, a number in E.164 with +, or a resource account's object id. */
export type Party = { user: Identity } | { phone: Identity } | { applicationInstance: Identity }

/** As whom to call. A call to a number must come from a resource account (applicationInstance). */
export type Source = { applicationInstance: Identity } | { application: Identity } | { guest: Identity }

/** An aborted signal ends the waiting between tries and the try under way; GraphError `aborted` is thrown. */
export type Options = { signal?: AbortSignal | undefined }

export type CallsSettings = GraphSettings

/** Every method throws GraphError; requests that break a documented limit are refused before sending, with code `badRequest`. */
export type Calls = {
  /** Within 15 s of `incoming`. Sent again when unanswered: a repeat of an answer that was taken is refused, which counts as done. */
  answer(
    call: CallRef,
    answer: { callbackUri: string; mediaConfig?: MediaConfig; acceptedModalities?: Modality[] },
    options?: Options,
  ): Promise<void>
  /** Within 15 s of `incoming`, instead of an answer. Repeated like `answer`. */
  reject(call: CallRef, rejection: { reason: RejectReason }, options?: Options): Promise<void>
  /** 1 to 20 prompts, played in order. Never sent twice after a failure that may hide success. */
  playPrompt(
    call: CallRef,
    play: { prompts: { uri: string; resourceId: string }[]; clientContext: string },
    options?: Options,
  ): Promise<CommsOperation>
  /** Needs Calls.AccessMedia.All. Key presses then come as call notifications with toneInfo. */
  subscribeToTone(call: CallRef, subscription: { clientContext: string }, options?: Options): Promise<CommsOperation>
  /** Ends the prompt that plays and all that wait; each of them reports failed 400/8508. */
  cancelMediaProcessing(call: CallRef, cancel: { clientContext: string }, options?: Options): Promise<CommsOperation>
  /** Blind transfer. How it went arrives as notifications. Never sent twice after a failure that may hide success. */
  transfer(call: CallRef, transfer: { target: Party; clientContext?: string }, options?: Options): Promise<void>
  get(call: CallRef, options?: Options): Promise<Call>
  /** Ends the bot's leg. A call that is gone already counts as hung up. */
  hangUp(call: CallRef, options?: Options): Promise<void>
  /** At least every 45 minutes, 15 advised. A 404 (`error.gone`) says that the call is over. */
  keepAlive(call: CallRef, options?: Options): Promise<void>
  /**
   * Calls one to five parties, or joins a meeting. Never sent twice after a failure that may hide success, since Graph has no
   * idempotency key: somebody would be called twice.
   */
  create(call: NewCall, options?: Options): Promise<Call & { id: string }>
  close(): Promise<void>
}

export type NewCall = {
  tenantId: string
  callbackUri: string
  source?: Source
  mediaConfig?: MediaConfig
} & ({ targets: Party[] } | { meetingInfo: MeetingInfo; chatInfo?: ChatInfo })

const serviceHosted: MediaConfig = { '@odata.type': '#microsoft.graph.serviceHostedMediaConfig' }

/** Short enough that an unanswered try can be repeated inside the 15 s that Graph gives for answer and reject. */
const tryWhileRingingMs = 4_000

/** The operations on calls, one a function. Graph's road, with its retries, is graph.ts. */
export function createCalls(settings: CallsSettings): Calls {
  const graph = createGraph(settings)

  /** POST /communications/calls/{id}/{operation} */
  function act(call: CallRef, operation: string, how: How, body?: object, options?: Options): Promise<GraphAnswer> {
    const path = `${pathOf(call, operation)}/${operation}`
    return graph.send({
      operation,
      method: 'POST',
      path,
      tenantId: call.tenantId,
      ...how,
      ...(body && { body }),
      ...options,
    })
  }

  return {
    async answer(call, { callbackUri, mediaConfig = serviceHosted, acceptedModalities = ['audio'] }, options) {
      limit('answer', isHttps(callbackUri), 'callbackUri must be an https address')
      limit('answer', acceptedModalities.length > 0, 'at least one modality must be accepted')
      const body: AnswerBody = { callbackUri, mediaConfig, acceptedModalities }
      await act(call, 'answer', whileRinging(settings), body, options)
    },

    async reject(call, { reason }, options) {
      const body: RejectBody = { reason }
      await act(call, 'reject', whileRinging(settings), body, options)
    },

    async playPrompt(call, { prompts, clientContext }, options) {
      limit('playPrompt', prompts.length >= 1 && prompts.length <= 20, 'there must be 1 to 20 prompts')
      limitContext('playPrompt', clientContext)
      const body: PlayPromptBody = { clientContext, prompts: prompts.map(mediaPrompt) }
      return operationIn(await act(call, 'playPrompt', onceOnly, body, options), '#microsoft.graph.playPromptOperation')
    },

    async subscribeToTone(call, { clientContext }, options) {
      limitContext('subscribeToTone', clientContext)
      const body: SubscribeToToneBody = { clientContext }
      return operationIn(
        await act(call, 'subscribeToTone', repeatable, body, options),
        '#microsoft.graph.subscribeToToneOperation',
      )
    },

    async cancelMediaProcessing(call, { clientContext }, options) {
      limitContext('cancelMediaProcessing', clientContext)
      const body: CancelMediaProcessingBody = { clientContext }
      return operationIn(
        await act(call, 'cancelMediaProcessing', repeatable, body, options),
        '#microsoft.graph.cancelMediaProcessingOperation',
      )
    },

    async transfer(call, { target, clientContext }, options) {
      if (clientContext !== undefined) limitContext('transfer', clientContext)
      const body: TransferBody = {
        transferTarget: {
          '@odata.type': '#microsoft.graph.invitationParticipantInfo',
          endpointType: 'default',
          identity: identitySet('transfer', target),
        },
        ...(clientContext !== undefined && { clientContext }),
      }
      await act(call, 'transfer', onceOnly, body, options)
    },

    async get(call, options) {
      const path = pathOf(call, 'get')
      const answer = await graph.send({
        operation: 'get',
        method: 'GET',
        path,
        tenantId: call.tenantId,
        repeatable: true,
        ...options,
      })
      const read = readCall(answer.body)
      if (!read) throw new GraphError({ code: 'unreadableAnswer', operation: 'get', status: answer.status })
      return read
    },

    async hangUp(call, options) {
      const path = pathOf(call, 'hangUp')
      try {
        await graph.send({
          operation: 'hangUp',
          method: 'DELETE',
          path,
          tenantId: call.tenantId,
          repeatable: true,
          ...options,
        })
      } catch (error) {
        if (!(error instanceof GraphError && error.gone)) throw error
      }
    },

    async keepAlive(call, options) {
      await act(call, 'keepAlive', repeatable, undefined, options)
    },

    async create(call, options) {
      const body = createBody(call)
      const answer = await graph.send({
        operation: 'create',
        method: 'POST',
        path: '/communications/calls',
        tenantId: call.tenantId,
        body,
        ...onceOnly,
        ...options,
      })
      const read = readCall(answer.body) ?? {}
      // The Location header addresses the call as well, and a call whose id is lost could not be hung up any more.
      const id = read.id ?? /\/calls\/([^/?#]+)/.exec(answer.location ?? '')?.[1]
      if (!id) throw new GraphError({ code: 'unreadableAnswer', operation: 'create', status: answer.status })
      return { ...read, id }
    },

    close: graph.close,
  }
}

type How = { repeatable: boolean; onlyFirstSucceeds?: boolean; timeoutMs?: number }

const repeatable: How = { repeatable: true }

/** Repeating would act twice: a prompt heard twice, somebody called twice. */
const onceOnly: How = { repeatable: false }

function whileRinging({ timeoutMs = tryWhileRingingMs }: CallsSettings): How {
  return { repeatable: true, onlyFirstSucceeds: true, timeoutMs: Math.min(timeoutMs, tryWhileRingingMs) }
}

/** An answer that is not readable is no operation that we could follow, but a 2xx all the same: it runs, as far as we know. */
function operationIn({ body }: GraphAnswer, type: OperationType): CommsOperation {
  return { '@odata.type': type, ...readOperation(body) }
}

function createBody(call: NewCall): CreateCallBody {
  const { tenantId, callbackUri, source, mediaConfig = serviceHosted } = call
  limit('create', isHttps(callbackUri), 'callbackUri must be an https address')
  return {
    '@odata.type': '#microsoft.graph.call',
    callbackUri,
    ...(source && {
      source: { '@odata.type': '#microsoft.graph.participantInfo', identity: identitySet('create', source) },
    }),
    ...('targets' in call ? targetsOf(call.targets) : meetingOf(call)),
    requestedModalities: ['audio'],
    mediaConfig,
    tenantId,
  }
}

function targetsOf(targets: Party[]): Pick<CreateCallBody, 'targets'> {
  limit('create', targets.length >= 1 && targets.length <= 5, 'there must be 1 to 5 targets')
  return {
    targets: targets.map((target) => ({
      '@odata.type': '#microsoft.graph.invitationParticipantInfo',
      identity: identitySet('create', target),
    })),
  }
}

function meetingOf({ meetingInfo, chatInfo }: { meetingInfo: MeetingInfo; chatInfo?: ChatInfo }) {
  const byOrganizer = meetingInfo['@odata.type'] === '#microsoft.graph.organizerMeetingInfo'
  limit(
    'create',
    !byOrganizer || Boolean(chatInfo?.threadId),
    'a meeting joined by its organizer needs the threadId of its chat',
  )
  return { meetingInfo, ...(chatInfo && { chatInfo }) }
}

function mediaPrompt({ uri, resourceId }: { uri: string; resourceId: string }) {
  const mediaInfo: MediaInfo = { '@odata.type': '#microsoft.graph.mediaInfo', uri, resourceId }
  limit('playPrompt', URL.canParse(uri), 'every prompt needs a whole address, since Graph fetches it')
  return { '@odata.type': '#microsoft.graph.mediaPrompt' as const, mediaInfo }
}

function identitySet(operation: string, party: Party | Source): IdentitySet {
  const [member, ...others] = Object.entries(party)
  limit(
    operation,
    member !== undefined && others.length === 0 && Boolean(member[1].id),
    'a party is one identity with an id',
  )
  const [name, identity] = member ?? []
  return {
    '@odata.type': '#microsoft.graph.identitySet',
    ...(name && { [name]: { '@odata.type': '#microsoft.graph.identity', ...identity } }),
  }
}

function pathOf({ id }: CallRef, operation: string): string {
  limit(operation, id !== '' && !/^\.+$/.test(id), 'the call id is empty or no id')
  return `/communications/calls/${encodeURIComponent(id)}`
}

function isHttps(uri: string): boolean {
  return URL.canParse(uri) && new URL(uri).protocol === 'https:'
}

/** limits.json: clientContext.length */
function limitContext(operation: string, clientContext: string): void {
  limit(operation, clientContext.length <= 256, 'clientContext is longer than 256 characters')
}

function limit(operation: string, kept: boolean, rule: string): void {
  if (kept) return
  throw new GraphError(
    { code: 'badRequest', operation },
    `${operation} was not sent: ${rule}. Correct the request; sending it again will not help.`,
  )
}
