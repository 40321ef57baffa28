import { z } from 'zod'

/** Something that shall go wrong with the next `times` requests for an operation. */
export const faultSchema = z
  .strictObject({
    /** Name in the contract (`call-playprompt`), or `token`. */
    operation: z.string().min(1),
    times: z.number().int().min(1).max(10_000).default(1),
    status: z.number().int().min(400).max(599).optional(),
    code: z.string().optional(),
    retryAfterSeconds: z.number().min(0).optional(),
    /** Never answer. */
    hang: z.literal(true).optional(),
    /** Cut the connection. */
    cut: z.literal(true).optional(),
  })
  .refine(({ status, hang, cut }) => [status, hang, cut].filter(Boolean).length === 1, {
    message: 'give exactly one of status, hang and cut',
  })
export type Fault = z.output<typeof faultSchema>

export type Faults = {
  add(fault: Fault): void
  /** The fault that is due for this operation; it counts as used. */
  take(operation: string): Fault | null
  forget(): void
}

export function createFaults(): Faults {
  let faults: Fault[] = []
  return {
    add: (fault) => faults.push({ ...fault }),
    take(operation) {
      const fault = faults.find((one) => one.operation === operation)
      if (!fault) return null
      fault.times -= 1
      if (fault.times === 0) faults = faults.filter((one) => one !== fault)
      return fault
    },
    forget() {
      faults = []
    },
  }
}
