import { Field, Select } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import type { Exit } from '#flow/block.ts'
import { kindOf } from '#flow/kinds.ts'
import { flowMessages } from '#flow/messages/index.ts'
import { blockName, kindName } from '../canvas/names.ts'
import { addAfter, kindsToAdd, kindsToInsert } from '../canvas/newBlock.ts'
import { faultOf, texts, useEditing } from './context.ts'

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
  const fault = faultOf(editing, { exit: exit.name })
  const blocks = Object.entries(flow.blocks)
    .filter(([other]) => other !== flow.start)
    .map(([other, one]) => ({ id: other, label: blockName(one) }))
    .sort((a, b) => a.label.localeCompare(b.label))
  const unlinked =
    exit.name === 'error'
      ? texts.failurePath
      : exit.fallback !== undefined
        ? texts.likeFallback(flowMessages.exits[exit.fallback] ?? exit.fallback)
        : exit.optional
          ? texts.endsCall
          : texts.chooseBlock

  function choose(choice: string) {
    const kind = choice.startsWith('new:') ? kindOf(choice.slice(4)) : undefined
    if (kind) onChange(addAfter(drawing, kind, { block: id, exit: exit.name }).changes)
    else if (choice === '') onChange([{ type: 'disconnect', block: id, exit: exit.name }])
    else onChange([{ type: 'connect', block: id, exit: exit.name, to: choice }])
  }

  const select = (
    <Select
      value={linked ? to : ''}
      {...(name === undefined ? {} : { 'aria-label': name })}
      onChange={(_, { value }) => choose(value)}
    >
      <option value="">{unlinked}</option>
      {blocks.map((one) => (
        <option key={one.id} value={one.id}>
          {one.label}
        </option>
      ))}
      <optgroup label={texts.newBlock}>
        {(linked ? kindsToInsert(flow) : kindsToAdd(flow)).map((kind) => (
          <option key={kind.type} value={`new:${kind.type}`}>
            {texts.newOfKind(kindName(kind))}
          </option>
        ))}
      </optgroup>
    </Select>
  )
  return (
    <Field
      data-field={`exit:${exit.name}`}
      label={label === undefined ? undefined : { children: label }}
      validationState={fault === undefined ? 'none' : 'error'}
      validationMessage={fault}
    >
      {select}
    </Field>
  )
}
