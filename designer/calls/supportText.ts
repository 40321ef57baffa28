import type { OpenedCall } from '../wire.ts'
import type { Stay } from './visits.ts'

/** What support asks for about a failed step: ids, times and codes. No name, no number, nothing that was said or typed. */
export function supportText({ call, version }: OpenedCall, stay: Stay, problem: string): string {
  const lines = {
    call: call.id,
    'platform call': call.graphCallId,
    flow: call.flowId,
    version: version.number ?? 'test',
    step: stay.number,
    block: stay.block,
    at: stay.at,
    problem,
    end: call.endCode === null ? null : `${call.endCode}/${call.endSubcode ?? ''}`,
  }
  return Object.entries(lines)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}
