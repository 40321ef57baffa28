import type { ComponentType } from 'react'
import { ArmsControl } from './ArmsControl.tsx'
import { BlocksControl } from './BlocksControl.tsx'
import { CalendarControl } from './CalendarControl.tsx'
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
import { FieldsControl, FieldsWorkedOutControl } from './FieldsControl.tsx'
import { FlowControl, SubFlowControl } from './FlowControls.tsx'
import { OptionsControl } from './OptionsControl.tsx'
import { PayloadControl } from './PayloadControl.tsx'
import { PersonControl, ResourceAccountControl } from './PersonControl.tsx'
import { SecretControl } from './SecretControl.tsx'
import { ParametersControl, ParametersGivenControl, ResultsKeptControl, VariablesControl } from './SubFlowControls.tsx'
import { CellsReadControl, CellsWrittenControl, RowMatchControl, TableControl } from './TableControls.tsx'
import { TargetsControl } from './TargetsControl.tsx'
import {
  CodeControl,
  KeysControl,
  ListControl,
  MultilineControl,
  PromptsControl,
  TextControl,
  ValuedControl,
} from './textControls.tsx'
import { AssignmentsControl, ConditionsControl, ExpressionControl, VariableControl } from './variableControls.tsx'

type Control = {
  Draw: ComponentType<ControlProps>
  /** Two stand in a row. */
  narrow?: true
  /** It links the exits that it names by itself. */
  linksItsExits?: true
}

/** From the `control` that a setting names to what it is edited with. A new sort of value needs one line here, once. */
const controls: Readonly<Record<string, Control>> = {
  arms: { Draw: ArmsControl, linksItsExits: true },
  assignments: { Draw: AssignmentsControl },
  blocks: { Draw: BlocksControl },
  calendar: { Draw: CalendarControl },
  choice: { Draw: ChoiceControl },
  code: { Draw: CodeControl },
  conditions: { Draw: ConditionsControl, linksItsExits: true },
  expression: { Draw: ExpressionControl },
  fields: { Draw: FieldsControl },
  fieldsWorkedOut: { Draw: FieldsWorkedOutControl },
  flow: { Draw: FlowControl },
  key: { Draw: KeyControl, narrow: true },
  keys: { Draw: KeysControl },
  list: { Draw: ListControl },
  multiline: { Draw: MultilineControl },
  number: { Draw: NumberControl, narrow: true },
  options: { Draw: OptionsControl, linksItsExits: true },
  parameters: { Draw: ParametersControl },
  parametersGiven: { Draw: ParametersGivenControl },
  payload: { Draw: PayloadControl },
  person: { Draw: PersonControl },
  prompts: { Draw: PromptsControl },
  resourceAccount: { Draw: ResourceAccountControl },
  resultsKept: { Draw: ResultsKeptControl },
  secret: { Draw: SecretControl },
  seconds: { Draw: SecondsControl, narrow: true },
  rowMatch: { Draw: RowMatchControl },
  cellsRead: { Draw: CellsReadControl },
  cellsWritten: { Draw: CellsWrittenControl },
  subFlow: { Draw: SubFlowControl },
  switch: { Draw: SwitchControl },
  table: { Draw: TableControl },
  targets: { Draw: TargetsControl },
  valued: { Draw: ValuedControl },
  text: { Draw: TextControl },
  times: { Draw: TimesControl, narrow: true },
  timesOrNone: { Draw: TimesOrNoneControl, narrow: true },
  variable: { Draw: VariableControl },
  variables: { Draw: VariablesControl },
}

/** The control of this name; a text where there is none. */
export const controlNamed = (name: string): Control => controls[name] ?? { Draw: TextControl }

export const isControl = (name: string): boolean => Object.hasOwn(controls, name)
