import type { Standing } from '../health.ts'

/** A bot of which nothing is wrong. */
export const well: Standing = {
  warm: true,
  keys: true,
  routes: true,
  token: 'ok',
  database: 'ok',
  history: { waiting: 0, failing: null },
  journal: 'ok',
  strays: false,
}
