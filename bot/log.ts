/** What the bot tells people who look after it: pino's way. Ids and codes only, never names, numbers, digits or texts. */
export type Log = {
  info(what: Record<string, unknown>, message: string): void
  warn(what: Record<string, unknown>, message: string): void
  error(what: Record<string, unknown>, message: string): void
}
