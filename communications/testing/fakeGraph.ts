import type { Clock } from '#ground/clock.ts'
import type { CallingSettings } from '../calling/calling.ts'
import type { Notification } from '../inbound/notifications.ts'
import type { CallRef, Options } from '../requests/ask.ts'
import { GraphError } from '../road/error.ts'
import type { Call, CommsOperation, OperationType, Participant, ResultInfo, Tone } from '../wire/types.ts'

type Client = CallingSettings['client']

/** What becomes of one notification, or of one request: when it arrives, how often, and whether Graph's answer comes back. */
export type Fate = { ms: number; times: number; answered: boolean }
const lucky: Fate = { ms: 0, times: 1, answered: true }

type Kept = Call & { id: string; operations: Map<string, CommsOperation> }

/**
 * A Graph in memory that carries out what it is asked, tells what happens, and loses, repeats and delays as `fate` says. Only as
 * true as the calling client needs it: the emulator is the one to believe. It ends with its last timer.
 */
export function createFakeGraph(
  clock: Clock,
  hear: (notification: Notification) => void,
  fate: (what: string) => Fate = () => lucky,
) {
  const calls = new Map<string, Kept>()
  /** The operations that were asked for, in order. */
  const asked: string[] = []
  const refusals = new Map<string, GraphError>()
  const graph = {
    asked,
    /** Milliseconds that prompts, recordings, tones and invitations take. */
    operationMs: 1_000,
    /** How long it takes until somebody answers. */
    establishMs: 20,
    /** How operations end. */
    outcome: { status: 'completed', resultInfo: { code: 200, subcode: 0 } } as Partial<CommsOperation>,
    transfer: 'accept' as 'accept' | 'fail',
    roster: [] as Participant[],
    /** From now on this operation is refused. */
    refuse: (operation: string, status: number, code = String(status)) =>
      void refusals.set(operation, new GraphError({ code, operation, status })),
    heal: () => refusals.clear(),

    /** Somebody calls the bot. */
    ring(id: string): void {
      calls.set(id, { id, state: 'incoming', direction: 'incoming', operations: new Map() })
      graph.tell(id, { changeType: 'created', call: { state: 'incoming', direction: 'incoming' } })
    },
    press(id: string, sequenceId: number, tone: Tone): void {
      if (calls.get(id)?.state === 'established') {
        graph.tell(id, { call: { state: 'established', toneInfo: { sequenceId, tone } } })
      }
    },
    end(id: string, resultInfo: ResultInfo | null = { code: 200, subcode: 4521 }): void {
      if (!calls.delete(id)) return
      graph.tell(id, { changeType: 'deleted', call: { state: 'terminated', ...(resultInfo && { resultInfo }) } })
    },
    /** From now on this is part of what Graph answers of the call. */
    know: (id: string, more: Call) => void Object.assign(calls.get(id) ?? {}, more),
    /** Tells something of a call. */
    tell(
      id: string,
      news: { changeType?: Notification['changeType']; call: Call } | { operation: CommsOperation; hideId?: boolean },
    ): void {
      const about = { callId: id, wireCallId: id }
      if ('call' in news) {
        post({ ...about, resource: 'call', changeType: news.changeType ?? 'updated', call: news.call })
      } else {
        const operationId = news.hideId ? null : (news.operation.id ?? null)
        post({ ...about, resource: 'operation', changeType: 'deleted', operationId, operation: news.operation })
      }
    },
    post,
    client: {} as Client, // set below
  }

  function post(notification: Notification): void {
    const { ms, times } = fate(`${notification.resource} ${notification.changeType}`)
    for (let copy = 0; copy < times; copy += 1) clock.after(ms * (copy + 1), () => hear(notification))
  }

  /** Carries out a request at once, and answers when it is time. */
  function answer<T>(operation: string, { id }: CallRef, act: (call: Kept) => T, options?: Options): Promise<T> {
    asked.push(operation)
    const { ms, answered } = fate('answer')
    const outcome = ((): { value: T } | { error: GraphError } => {
      const refused = refusals.get(operation)
      if (refused) return { error: refused }
      const call = calls.get(id)
      return call ? { value: act(call) } : { error: new GraphError({ code: 'NotFound', operation, status: 404 }) }
    })()
    return new Promise((resolve, reject) => {
      const cancel = clock.after(answered ? ms : 10_000, () => {
        options?.signal?.removeEventListener('abort', abort)
        if (!answered) reject(new GraphError({ code: 'timeout', operation }))
        else if ('value' in outcome) resolve(outcome.value)
        else reject(outcome.error)
      })
      const abort = () => {
        cancel()
        reject(new GraphError({ code: 'aborted', operation }))
      }
      options?.signal?.addEventListener('abort', abort)
    })
  }

  function move(id: string, ms: number, change: Call): void {
    clock.after(ms, () => {
      const call = calls.get(id)
      if (!call) return
      Object.assign(call, change)
      graph.tell(id, { call: change })
    })
  }

  /** Something that takes its time. */
  function begin(name: string, type: OperationType) {
    return (ref: CallRef, body: { clientContext: string }, options?: Options) =>
      answer(
        name,
        ref,
        (call) => {
          const operation: CommsOperation = {
            '@odata.type': type,
            id: crypto.randomUUID(),
            status: 'running',
            clientContext: body.clientContext,
          }
          call.operations.set(operation.id ?? '', operation)
          clock.after(graph.operationMs, () => {
            if (!calls.has(ref.id)) return
            Object.assign(operation, graph.outcome)
            graph.tell(ref.id, { operation: { ...operation } })
          })
          return { ...operation }
        },
        options,
      )
  }

  const done =
    (name: string, type: OperationType) => (ref: CallRef, body: { clientContext: string }, options?: Options) =>
      answer<CommsOperation>(
        name,
        ref,
        () => ({ '@odata.type': type, id: crypto.randomUUID(), status: 'completed', ...body }),
        options,
      )

  const client = {
    calls: {
      answer: (ref: CallRef, _body: object, options?: Options) =>
        answer(
          'answer',
          ref,
          (call) => {
            call.state = 'establishing'
            move(ref.id, 10, { state: 'establishing' })
            move(ref.id, graph.establishMs, { state: 'established' })
            move(ref.id, graph.establishMs + 10, { state: 'established', mediaState: { audio: 'active' } })
          },
          options,
        ),
      reject: (ref: CallRef, _body: object, options?: Options) =>
        answer('reject', ref, () => graph.end(ref.id, null), options),
      redirect: (ref: CallRef, _body: object, options?: Options) =>
        answer('redirect', ref, () => graph.end(ref.id, null), options),
      create: async (body: { tenantId: string }, options?: Options) => {
        const id = crypto.randomUUID()
        calls.set(id, { id, state: 'establishing', direction: 'outgoing', operations: new Map() })
        move(id, 10, { state: 'establishing' })
        move(id, graph.establishMs, { state: 'established' })
        move(id, graph.establishMs + 10, { state: 'established', mediaState: { audio: 'active' } })
        return answer('create', { id, tenantId: body.tenantId }, ({ operations: _, ...call }) => call, options)
      },
      get: (ref: CallRef, options?: Options) =>
        answer('get', ref, ({ operations: _, ...call }) => ({ ...call }), options),
      getOperation: (ref: CallRef, operationId: string, options?: Options) =>
        answer(
          'getOperation',
          ref,
          ({ operations }) => {
            const operation = operations.get(operationId)
            if (!operation) throw new Error('the fake Graph was asked for an operation that it never began')
            return { ...operation }
          },
          options,
        ),
      keepAlive: (ref: CallRef, options?: Options) => answer('keepAlive', ref, () => undefined, options),
      hangUp: async (ref: CallRef, options?: Options) => {
        const over = () => {
          move(ref.id, 5, { state: 'terminating' })
          clock.after(10, () => graph.end(ref.id, { code: 200, subcode: 7000 }))
        }
        await answer('hangUp', ref, over, options).catch((error) => {
          if (!(error instanceof GraphError && error.gone)) throw error
        })
      },
      transfer: (ref: CallRef, _body: object, options?: Options) =>
        answer(
          'transfer',
          ref,
          (call) => {
            call.state = 'transferring'
            move(ref.id, 10, { state: 'transferring' })
            const failed = { code: 500, subcode: 7000 }
            if (graph.transfer === 'fail') move(ref.id, 500, { state: 'established', resultInfo: failed })
            else {
              move(ref.id, 500, { state: 'transferAccepted' })
              clock.after(550, () => graph.end(ref.id, { code: 0, subcode: 7015 }))
            }
          },
          options,
        ),
      playPrompt: begin('playPrompt', '#microsoft.graph.playPromptOperation'),
      recordResponse: begin('recordResponse', '#microsoft.graph.recordOperation'),
      sendDtmfTones: begin('sendDtmfTones', '#microsoft.graph.sendDtmfTonesOperation'),
      subscribeToTone: done('subscribeToTone', '#microsoft.graph.subscribeToToneOperation'),
      cancelMediaProcessing: done('cancelMediaProcessing', '#microsoft.graph.cancelMediaProcessingOperation'),
      mute: done('mute', '#microsoft.graph.muteParticipantOperation'),
    },
    participants: {
      list: (ref: CallRef, options?: Options) => answer('list', ref, () => graph.roster, options),
      invite: begin('invite', '#microsoft.graph.inviteParticipantsOperation'),
    },
  }
  graph.client = client as unknown as Client // the tests use no other operation; one that is not here would throw
  return graph
}
