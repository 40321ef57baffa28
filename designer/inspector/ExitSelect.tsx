import { Field, Select } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import type { Exit } from '#flow/block.ts'
import { kindOf } from '#flow/kinds.ts'
import { flowMessages } from '#flow/messages/index.ts'
import { kindName, unlinkedName } from '../canvas/names.ts'
import { addAfter, kindsToInsert, kindsToLink } from '../canvas/newBlock.ts'
import { designerMessages } from '../messages/designer.ts'
import { faultProps } from '../shell/faultProps.ts'
import { faultOf, texts, useEditing } from './context.ts'
import { Options, targetsIn } from './parts.tsx'

type Props = {
  exit: Exit
  /** Shown above; without it the select stands alone and is called `name`. */
  label?: ReactNode
  name?: string
}

/** Where an exit leads: every link can be made here as well as on the canvas. */
export function ExitSelect({ exit, label, name }: Props) {
  const editing = useEditing()
  const { drawing, id, block, onChange } = editing
  const { flow } = drawing
  const to = block.exits[exit.name]
  const linked = to !== undefined && flow.blocks[to] !== undefined
  const kinds = linked ? kindsToInsert(flow) : kindsToLink(flow)
  const fault = faultOf(editing, { exit: exit.name })
  const unlinked =
    exit.fallback !== undefined
      ? texts.likeFallback(flowMessages.exits[exit.fallback] ?? exit.fallback)
      : unlinkedName(exit, flow) === undefined
        ? texts.chooseBlock
        : flow.onError === null
          ? designerMessages.flow.onErrorNone
          : texts.failurePath
  // Only where somebody would look for what must be chosen.
  const isSet = to === undefined && unlinkedName(exit, flow) !== undefined && exit.name !== 'error'

  function choose(choice: string) {
    const kind = choice.startsWith('new:') ? kindOf(choice.slice(4)) : undefined
    if (kind) onChange(addAfter(drawing, kind, { block: id, exit: exit.name }).changes)
    else if (choice === '') onChange([{ type: 'disconnect', block: id, exit: exit.name }])
    else onChange([{ type: 'connect', block: id, exit: exit.name, to: choice }])
  }

  return (
    <Field
      data-field={`exit:${exit.name}`}
      label={label === undefined ? undefined : { children: label }}
      hint={isSet ? texts.setAlready : undefined}
      {...faultProps(fault)}
    >
      <Select
        value={linked ? to : ''}
        {...(name === undefined ? {} : { 'aria-label': name })}
        onChange={(_, { value }) => choose(value)}
      >
        <option value="">{unlinked}</option>
        <Options of={targetsIn(flow)} />
        <optgroup label={texts.newBlock}>
          <Options of={kinds.map((kind) => ({ value: `new:${kind.type}`, label: texts.newOfKind(kindName(kind)) }))} />
        </optgroup>
      </Select>
    </Field>
  )
}
