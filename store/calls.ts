import { type Connection, isId } from './connection.ts'
import type { Prisma } from './generated/client.ts'

export type CallSummary = Omit<Prisma.CallModel, 'tenantId' | 'callerName' | 'callerId' | 'process'> & {
  caller: { name: string | null; id: string | null }
}

export type CallStep = Omit<Prisma.CallStepModel, 'id' | 'tenantId' | 'callId' | 'detail'> & { detail: unknown }

/** What has happened in calls, to be read. history.ts writes it. */
export function createCalls({ prisma }: Connection) {
  return {
    /** The latest calls first. `before`: the id of a call, to go on from the last of a page. */
    async list(
      tenantId: string,
      { flowId, before, limit }: { flowId?: string; before?: string; limit: number },
    ): Promise<CallSummary[]> {
      if ((flowId && !isId(flowId)) || (before && !isId(before))) return []
      const rows = await prisma((client) =>
        client.call.findMany({
          where: { tenantId, ...(flowId && { flowId }) },
          orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
          ...(before && { cursor: { id: before, tenantId }, skip: 1 }),
          take: limit,
        }),
      )
      return rows.map(summaryOf)
    },

    /** By our id or by Graph's, with its steps in order. Null if there is none. */
    async get(tenantId: string, id: string): Promise<(CallSummary & { steps: CallStep[] }) | null> {
      const row = await prisma((client) =>
        client.call.findFirst({ where: { tenantId, OR: [{ graphCallId: id }, ...(isId(id) ? [{ id }] : [])] } }),
      )
      return row && { ...summaryOf(row), steps: await stepsAfter(tenantId, row.id, 0) }
    },

    stepsAfter,
  }

  /** The steps of a call behind `seq`, in order: what a page that shows a live call does not have yet. */
  async function stepsAfter(tenantId: string, callId: string, seq: number): Promise<CallStep[]> {
    if (!isId(callId)) return []
    return prisma((client) =>
      client.callStep.findMany({
        where: { tenantId, callId, seq: { gt: seq } },
        orderBy: { seq: 'asc' },
        omit: { id: true, tenantId: true, callId: true },
      }),
    )
  }
}

const summaryOf = ({
  tenantId: _,
  process: _process,
  callerName,
  callerId,
  ...row
}: Prisma.CallModel): CallSummary => ({
  ...row,
  caller: { name: callerName, id: callerId },
})
