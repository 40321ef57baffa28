import * as z from 'zod'

/** A TCP port in the environment; 0 lets the system choose one. */
export const port = z.coerce.number().int().min(0).max(65_535)

/** A setting that may be left out, or left empty as in a copy of .env.example. */
export const optional = <T extends z.ZodType>(schema: T) =>
  z.union([z.literal('').transform(() => undefined), schema]).optional()
