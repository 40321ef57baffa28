import type { BlockKind } from '../block.ts'
import { answer } from './answer.ts'
import { backToMenu } from './backToMenu.ts'
import { branch } from './branch.ts'
import { businessHours } from './businessHours.ts'
import { callFlow } from './callFlow.ts'
import { collectDigits } from './collectDigits.ts'
import { confirm } from './confirm.ts'
import { createCallback } from './createCallback.ts'
import { goToFlow } from './goToFlow.ts'
import { hangUp } from './hangUp.ts'
import { holdMusic } from './holdMusic.ts'
import { httpRequest } from './httpRequest.ts'
import { incomingCall } from './incomingCall.ts'
import { keysAnywhere } from './keysAnywhere.ts'
import { loop } from './loop.ts'
import { menu } from './menu.ts'
import { milestone } from './milestone.ts'
import { percentageSplit } from './percentageSplit.ts'
import { play } from './play.ts'
import { readList } from './readList.ts'
import { recordMessage } from './recordMessage.ts'
import { redirect } from './redirect.ts'
import { reject } from './reject.ts'
import { sendDtmf } from './sendDtmf.ts'
import { setVariable } from './setVariable.ts'
import { subFlowEnd } from './subFlowEnd.ts'
import { subFlowStart } from './subFlowStart.ts'
import { tableLookUp } from './tableLookUp.ts'
import { tableUpdate } from './tableUpdate.ts'
import { transferToNumber } from './transferToNumber.ts'
import { transferToPerson } from './transferToPerson.ts'
import { transferToQueue } from './transferToQueue.ts'
import { wait } from './wait.ts'

// A new block is one new file and one name here; the compiler then asks for its words.
const all = [
  ...[incomingCall, play, holdMusic, menu, collectDigits, confirm, readList, recordMessage, keysAnywhere],
  ...[branch, businessHours, percentageSplit, loop, wait, backToMenu],
  ...[transferToPerson, transferToNumber, transferToQueue, sendDtmf],
  ...[answer, reject, redirect],
  ...[setVariable, tableLookUp, tableUpdate, createCallback, milestone, httpRequest],
  ...[callFlow, goToFlow],
  ...[subFlowStart, subFlowEnd, hangUp],
] as const

/** The kinds with their own names and settings, for what has to say something of each. */
export type Kind = (typeof all)[number]

/** Every kind of block, in the order of the palette. */
export const kinds: readonly BlockKind[] = all

const byType = new Map(kinds.map((kind) => [kind.type, kind]))

/** The kind of this name, or undefined for one that this version does not know. */
export const kindOf = (type: string): BlockKind | undefined => byType.get(type)
