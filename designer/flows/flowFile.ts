import { type Bundle, readBundle } from '#flow/bundle.ts'
import { FlowError } from '#flow/error.ts'
import { bundleLimits } from '#flow/flowLimits.ts'
import { flowsMessages } from '../messages/flows.ts'

const { refused: words } = flowsMessages.importing

/** What a file holds, or in words why it is no flow. Nothing is changed by reading. */
export type FileRead = { bundle: Bundle } | { refused: string }

/** Reads a flow's file that somebody has chosen. */
export async function readFlowFile(file: Blob): Promise<FileRead> {
  if (file.size > bundleLimits.bytes) return { refused: words.tooLarge(bundleLimits.bytes / 1_000_000) }
  return readFlowText(new Uint8Array(await file.arrayBuffer()))
}

export function readFlowText(bytes: Uint8Array): FileRead {
  let text: string
  try {
    // Editors of Windows begin files with a mark, which the decoder takes away.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { refused: words.notText }
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { refused: words.notJson(placeOf(error)) }
  }
  return bundleIn(value)
}

function bundleIn(value: unknown): FileRead {
  try {
    return { bundle: readBundle(value) }
  } catch (error) {
    if (!(error instanceof FlowError)) throw error
    return { refused: refusalOf(error, value) }
  }
}

function refusalOf({ code, detail }: FlowError, value: unknown): string {
  if (code === 'flowTooNew') return words.flowTooNew(detail)
  if (code === 'flowTooLarge') return words.flowTooLarge
  if (has(value, 'states') && has(value, 'initial_state')) return words.ofTwilio
  if (has(value, 'Actions') && has(value, 'StartAction')) return words.ofAmazon
  return words.noFlow(detail)
}

const has = (value: unknown, key: string): boolean => typeof value === 'object' && value !== null && key in value

/** Engines say where in words of their own: "(line 3 column 5)". */
const placeOf = (error: unknown): string => / \(line \d+ column \d+\)/.exec(String(error))?.[0] ?? ''
