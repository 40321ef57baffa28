import { Field, Input, Select, Textarea } from '@fluentui/react-components'
import type { Flow } from '#flow/flow.ts'
import { designerMessages } from '../messages/designer.ts'
import { problemWords } from '../problems/problemWords.ts'
import { faultProps } from '../shell/faultProps.ts'
import { Answers, type AnswersProps } from './Answers.tsx'
import { Options, targetsIn } from './parts.tsx'
import { VariableList, type VariablesProps } from './VariableList.tsx'

const { flow: words } = designerMessages

export type FlowSettingsProps = Omit<AnswersProps, 'rules'> & VariablesProps

/** What belongs to the flow as a whole; shown while no block is selected. */
export function FlowSettings({ flowId, drawing, problems, answers, onAnswers, onChange }: FlowSettingsProps) {
  const { flow } = drawing
  const fault = (field: string) => {
    const found = problems.find((problem) => problem.block === null && problem.field === field)
    return faultProps(found && problemWords(drawing, found).what)
  }
  return (
    <>
      <div className="settings-section">
        <Field label={words.name}>
          <Input
            value={flow.name}
            maxLength={100}
            onChange={(_, { value }) => value.trim() !== '' && onChange([{ type: 'renameFlow', name: value }], 'name')}
          />
        </Field>
      </div>
      <section className="settings-section" aria-label={words.answers}>
        <h3>{words.answers}</h3>
        <Answers flowId={flowId} answers={answers} rules={drawing.rules} onAnswers={onAnswers} />
      </section>
      <section className="settings-section" aria-label={words.spoken}>
        <h3>{words.spoken}</h3>
        <Field label={words.apology} hint={words.apologyHint}>
          <Textarea
            resize="vertical"
            value={flow.apology}
            maxLength={1000}
            onChange={(_, { value }) => onChange([{ type: 'changeFlow', apology: value }], 'apology')}
          />
        </Field>
        <div data-field="onError">
          <Field label={words.onError} hint={words.onErrorHint} {...fault('onError')}>
            <BlockSelect
              flow={flow}
              value={flow.onError}
              none={words.onErrorNone}
              onChoose={(onError) => onChange([{ type: 'changeFlow', onError }])}
            />
          </Field>
        </div>
        <div data-field="onHangUp">
          <Field label={words.onHangUp} hint={words.onHangUpHint} {...fault('onHangUp')}>
            <BlockSelect
              flow={flow}
              value={flow.onHangUp}
              none={words.onHangUpNone}
              onChoose={(onHangUp) => onChange([{ type: 'changeFlow', onHangUp }])}
            />
          </Field>
        </div>
      </section>
      <section className="settings-section" aria-label={words.variables} data-field="variables">
        <h3>{words.variables}</h3>
        <VariableList drawing={drawing} problems={problems} onChange={onChange} />
      </section>
    </>
  )
}

type SelectProps = { flow: Flow; value: string | null; none: string; onChoose(block: string | null): void }

function BlockSelect({ flow, value, none, onChoose, ...field }: SelectProps) {
  return (
    <Select {...field} value={value ?? ''} onChange={(_, data) => onChoose(data.value === '' ? null : data.value)}>
      <option value="">{none}</option>
      {value !== null && !flow.blocks[value] && <option value={value}>{value}</option>}
      <Options of={targetsIn(flow)} />
    </Select>
  )
}
