/** What the bot tells people who look after it: pino's way. Ids and codes only, never names, numbers, digits or texts. */
export type Log = {
  info(what: Record<string, unknown>, message: string): void
  warn(what: Record<string, unknown>, message: string): void
  error(what: Record<string, unknown>, message: string): void
}

/**
 * Never in a log line, wherever they may stand in it. With an error of PostgreSQL come the row that it refused (`detail`) and the text in
 * which it was (`where`): https://www.postgresql.org/docs/18/protocol-error-fields.html
 */
export const redact = [
  'req.headers.authorization',
  '*.secret',
  '*.token',
  '*.phone',
  '*.text',
  '*.digits',
  '*.displayName',
  'err.detail',
  'err.where',
]
