import { Button, Field, Input, Switch } from '@fluentui/react-components'
import { useState } from 'react'
import { isDefault } from '#flow/routing.ts'
import { readCalled } from '#ground/called.ts'
import { hoursOf, ruleWords } from '../answers/ruleWords.ts'
import { designerMessages } from '../messages/designer.ts'
import { api } from '../shell/api.ts'
import { refusal } from '../shell/error.ts'
import { faultProps } from '../shell/faultProps.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { errorWords } from '../shell/words.ts'
import type { Rules } from '../useRules.ts'
import type { OpenedFlow } from '../wire.ts'

const { flow: words } = designerMessages

export type AnswersProps = {
  flowId: string
  answers: OpenedFlow['answers']
  rules: Rules | null
  onAnswers(answers: OpenedFlow['answers']): void
}

/** Which calls the published flow takes. It holds at once and is no part of the draft. */
export function Answers(props: AnswersProps) {
  const { answers, rules } = props
  const hours = hoursOf(rules)
  const [plain, byRule] = [answers.filter(isPlain), answers.filter((rule) => !isPlain(rule))]
  const { set, taken, leave, fault } = useAnswers(props)
  const [text, setText] = useState('')
  async function takeOver() {
    if (taken && (await set(taken.called, true, true)) && taken.called !== null) setText('')
  }
  return (
    <div className="settings-list">
      <p className="small quiet">{words.answersHint}</p>
      <Switch
        className="settings-switch"
        labelPosition="before"
        label={words.answersDefault}
        checked={plain.some(isDefault)}
        onChange={(_, { checked }) => void set(null, checked)}
      />
      {plain.map(
        ({ called: one }) =>
          one !== null && (
            <div className="row" key={one}>
              <span className="cut">{one}</span>
              <span className="space" />
              <IconButton
                size="small"
                icon="close"
                title={words.answersRemove(one)}
                onClick={() => void set(one, false)}
              />
            </div>
          ),
      )}
      {byRule.length > 0 && (
        <div className="small">
          <a href="/answers">{words.answersByRule}</a>
          <ul>
            {byRule.map((rule) => (
              <li key={ruleWords(rule, hours)}>{ruleWords(rule, hours)}</li>
            ))}
          </ul>
        </div>
      )}
      <AddAnswer text={text} onText={setText} add={(called) => set(called, true)} />
      {taken && (
        <div className="settings-list" role="alert">
          <p className="small caution">{words.answersTaken(taken.name, taken.called)}</p>
          <div className="row">
            <Button onClick={() => void takeOver()}>{words.answersTake}</Button>
            <Button appearance="subtle" onClick={leave}>
              {words.answersLeave}
            </Button>
          </div>
        </div>
      )}
      {fault !== null && (
        <p className="small bad" role="alert">
          {fault}
        </p>
      )}
    </div>
  )
}

/** It goes by nothing but what is called: here it is made and unmade. */
const isPlain = ({ caller, when }: OpenedFlow['answers'][number]): boolean => caller === null && when === null

type AddProps = { text: string; onText(text: string): void; add(called: string): Promise<boolean> }

function AddAnswer({ text, onText, add }: AddProps) {
  const [refused, setRefused] = useState(false)
  async function go() {
    const called = readCalled(text)
    setRefused(called === null)
    if (called !== null && (await add(called))) onText('')
  }
  return (
    <div className="settings-add-row">
      <Field
        label={words.answersAdd}
        hint={words.answersAddHint}
        {...faultProps(refused ? words.answersNotRight : undefined)}
      >
        <Input
          value={text}
          maxLength={100}
          onChange={(_, { value }) => onText(value)}
          onKeyDown={({ key }) => key === 'Enter' && text.trim() !== '' && void go()}
        />
      </Field>
      <Button disabled={text.trim() === ''} onClick={() => void go()}>
        {words.answersAddButton}
      </Button>
    </div>
  )
}

/** Changes what the flow answers; another flow that answers it is `taken` from only when somebody says so. */
function useAnswers({ flowId, answers, onAnswers }: AnswersProps) {
  const [fault, setFault] = useState<string | null>(null)
  const [taken, setTaken] = useState<{ called: string | null; name: string } | null>(null)

  async function set(one: string | null, on: boolean, take = false): Promise<boolean> {
    setTaken(null)
    try {
      await api.setAnswer(flowId, one, on, take)
      const others = answers.filter((rule) => !isPlain(rule) || rule.called !== one)
      const position = Math.max(0, ...others.map((rule) => rule.position)) + 1
      onAnswers(on ? [...others, { called: one, caller: null, when: null, position }] : others)
      setFault(null)
      return true
    } catch (error) {
      const other = refusal(error, 'taken')
      if (other) setTaken({ called: one, name: other.name })
      setFault(other ? null : words.answersFailed(errorWords(error)))
      return false
    }
  }
  return { set, taken, leave: () => setTaken(null), fault }
}
