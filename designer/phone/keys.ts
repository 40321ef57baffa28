import type { BlockView } from '#flow/check.ts'
import { phoneMessages } from '../messages/phone.ts'

/** The keys that mean something to a block, with what they mean there; a key that is only typed has no words. */
export const keysThatCount = ({ opened }: BlockView): ReadonlyMap<string, string> =>
  new Map(opened?.keys.map(({ key, label = '', does }) => [key, does ? phoneMessages.meanings[does] : label]))
