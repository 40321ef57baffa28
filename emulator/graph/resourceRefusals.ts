import { Refusal } from '../wire/refusal.ts'

/** The contract has no codes for the resources that are no calls: we use the plain names of the statuses. */

export const notFound = (what: string) => new Refusal(404, 'NotFound', `${what} not found.`)
export const badRequest = (message: string) => new Refusal(400, 'BadRequest', message)
