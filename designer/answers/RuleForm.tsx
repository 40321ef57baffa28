import { Button, Field, Input, Select } from '@fluentui/react-components'
import { useState } from 'react'
import { isDefault, type RouteState, routeStates } from '#flow/routing.ts'
import { readCalled, readCaller } from '#ground/called.ts'
import { answersMessages } from '../messages/answers.ts'
import { api } from '../shell/api.ts'
import { DialogSheet } from '../shell/DialogFrame.tsx'
import { refusal } from '../shell/error.ts'
import { faultProps } from '../shell/faultProps.ts'
import { errorWords } from '../shell/words.ts'
import type { RouteItem, WantedRoute } from '../wire.ts'
import type { Answers, Asked } from './useAnswers.ts'

const words = answersMessages.dialog

type Draft = { called: string; caller: string; calendarId: string; state: RouteState; flowId: string }

const draftOf = (rule: RouteItem | null): Draft => ({
  called: rule?.called ?? '',
  caller: rule?.caller ?? '',
  calendarId: rule?.when?.calendarId ?? '',
  state: rule?.when?.state ?? 'open',
  flowId: rule?.flowId ?? '',
})

/** What is wrong with a draft, by its fields. */
const faultsOf = ({ called, caller, flowId }: Draft) => ({
  called: called.trim() !== '' && readCalled(called) === null ? words.calledNotRight : undefined,
  caller: caller.trim() !== '' && readCaller(caller) === null ? words.callerNotRight : undefined,
  flowId: flowId === '' ? words.flowNeeded : undefined,
})

const wantedOf = ({ called, caller, calendarId, state, flowId }: Draft): WantedRoute => ({
  called: readCalled(called),
  caller: readCaller(caller),
  when: calendarId === '' ? null : { calendarId, state },
  flowId,
})

type Props = { answers: Answers; asked: Asked; onClose(): void; onSaved(): void }

/** The conditions of a rule and the flow that it leads to. The rule without conditions has none to choose. */
export function RuleForm({ answers, asked, onClose, onSaved }: Props) {
  const rule = 'rule' in asked ? asked.rule : null
  const hasConditions = asked.what !== 'default' && !(rule && isDefault(rule))
  const [draft, setDraft] = useState(draftOf(rule))
  const { failure, tried, save } = useSaving(draft, rule, onSaved)
  const faults = faultsOf(draft)
  const set = (more: Partial<Draft>) => setDraft({ ...draft, ...more })
  return (
    <DialogSheet
      title={hasConditions ? (rule ? words.edit : words.add) : words.default}
      fault={failure}
      actions={
        <>
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button appearance="primary" onClick={() => void save()}>
            {words.save}
          </Button>
        </>
      }
    >
      <div className="column answers-form">
        {hasConditions && <Conditions {...{ draft, set, answers }} faults={tried ? faults : {}} />}
        <Field label={words.flow} {...faultProps(tried ? faults.flowId : undefined)}>
          <Select value={draft.flowId} onChange={(_, { value }) => set({ flowId: value })}>
            {draft.flowId === '' && <option value="">{words.chooseFlow}</option>}
            {answers.flows.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      </div>
    </DialogSheet>
  )
}

type ConditionsProps = {
  draft: Draft
  set(more: Partial<Draft>): void
  answers: Answers
  faults: { called?: string | undefined; caller?: string | undefined }
}

const Conditions = ({ draft, set, answers, faults }: ConditionsProps) => (
  <>
    <Field label={words.called} hint={words.calledHint} {...faultProps(faults.called)}>
      <Input value={draft.called} maxLength={100} onChange={(_, { value }) => set({ called: value })} />
    </Field>
    <Field label={words.caller} hint={words.callerHint} {...faultProps(faults.caller)}>
      <Input value={draft.caller} maxLength={100} onChange={(_, { value }) => set({ caller: value })} />
    </Field>
    <Field label={words.hours}>
      <Select value={draft.calendarId} onChange={(_, { value }) => set({ calendarId: value })}>
        <option value="">{words.always}</option>
        {[...answers.hours].map(([id, { name }]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
    {draft.calendarId !== '' && (
      <Field label={words.state}>
        <Select
          value={draft.state}
          onChange={(_, { value }) => set({ state: routeStates.find((state) => state === value) ?? draft.state })}
        >
          {routeStates.map((state) => (
            <option key={state} value={state}>
              {words.states[state]}
            </option>
          ))}
        </Select>
      </Field>
    )}
  </>
)

/** Saves what is sound; what another flow answers is said with its name. */
function useSaving(draft: Draft, rule: RouteItem | null, onSaved: () => void) {
  const [tried, setTried] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  async function save() {
    setTried(true)
    setFailure(null)
    if (Object.values(faultsOf(draft)).some((fault) => fault !== undefined)) return
    try {
      const wanted = wantedOf(draft)
      await (rule ? api.changeRoute(rule.id, wanted) : api.addRoute(wanted))
      onSaved()
    } catch (error) {
      const holder = refusal(error, 'taken')
      setFailure(holder ? words.taken(holder.name) : errorWords(error))
    }
  }
  return { tried, failure, save }
}
