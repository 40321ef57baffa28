import { planOf } from '#flow/bundlePlan.ts'
import type { Flow } from '#flow/flow.ts'
import { kindOf } from '#flow/kinds.ts'
import { broughtWords } from '../flows/broughtWords.ts'
import { ImportDialog } from '../flows/ImportDialog.tsx'
import { flowsMessages } from '../messages/flows.ts'
import { api } from '../shell/api.ts'

const { here, unknown } = flowsMessages.importing

type Props = {
  open: boolean
  flowId: string
  /** Puts what a file holds in the place of the draft; `said` is what has come of it, in words. */
  replace(flow: Flow, said: string): void
  onClose(): void
}

/** Asks for a flow's file to take the place of the draft that is open. */
export const ReplaceDialog = ({ flowId, replace, ...frame }: Props) => (
  <ImportDialog
    {...frame}
    {...here}
    take={async (bundle) => {
      const { shared } = await api.shared()
      // Nothing is made for a draft: of the flows that it enters those are meant that are here.
      const plan = planOf({ ...bundle, flows: {} }, shared, () => crypto.randomUUID(), flowId)
      const { flow, made, matched, missing } = plan
      const brought = broughtWords({ made: [], matched, missing: [...made, ...missing] })
      replace(flow, [replacedWords(flow), ...brought].join(' '))
      return null
    }}
  />
)

function replacedWords({ blocks }: Flow): string {
  const all = Object.values(blocks)
  const strange = all.filter(({ type }) => !kindOf(type)).map((block) => block.name || block.type)
  return [here.done(all.length), ...(strange.length === 0 ? [] : [unknown(strange)])].join(' ')
}
