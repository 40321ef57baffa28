import type { ComponentType } from 'react'
import {
  ChoiceControl,
  KeyControl,
  NumberControl,
  SecondsControl,
  SwitchControl,
  TimesControl,
  TimesOrNoneControl,
} from './choiceControls.tsx'
import type { ControlProps } from './context.ts'
import { OptionsControl } from './OptionsControl.tsx'
import { PersonControl } from './PersonControl.tsx'
import { KeysControl, ListControl, MultilineControl, PromptsControl, TextControl } from './textControls.tsx'
import { AssignmentsControl, ConditionsControl, VariableControl } from './variableControls.tsx'

/** From the `control` that a setting names to what it is edited with. A new sort of value needs one line here, once. */
export const controls: Readonly<Record<string, ComponentType<ControlProps>>> = {
  assignments: AssignmentsControl,
  choice: ChoiceControl,
  conditions: ConditionsControl,
  key: KeyControl,
  keys: KeysControl,
  list: ListControl,
  multiline: MultilineControl,
  number: NumberControl,
  options: OptionsControl,
  person: PersonControl,
  prompts: PromptsControl,
  seconds: SecondsControl,
  switch: SwitchControl,
  text: TextControl,
  times: TimesControl,
  timesOrNone: TimesOrNoneControl,
  variable: VariableControl,
}

/** Controls that link the exits which they name themselves. */
export const linksItsExits: ReadonlySet<string> = new Set(['options', 'conditions'])
