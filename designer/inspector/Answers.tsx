import { Button, Field, Input, Switch } from '@fluentui/react-components'
import { useState } from 'react'
import { readCalled } from '#ground/called.ts'
import { designerMessages } from '../messages/designer.ts'
import { api } from '../shell/api.ts'
import { refusal } from '../shell/error.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { errorWords } from '../shell/words.ts'

const { flow: words } = designerMessages

export type AnswersProps = {
  flowId: string
  answers: readonly (string | null)[]
  onAnswers(answers: (string | null)[]): void
}

/** Which calls the published flow takes. It holds at once and is no part of the draft. */
export function Answers({ flowId, answers, onAnswers }: AnswersProps) {
  const [text, setText] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  const [taken, setTaken] = useState<{ called: string | null; name: string } | null>(null)

  async function set(one: string | null, on: boolean, take = false) {
    setTaken(null)
    try {
      await api.setAnswer(flowId, one, on, take)
      const others = answers.filter((other) => other !== one)
      onAnswers(on ? [...others, one] : others)
      setFault(null)
      return true
    } catch (error) {
      const other = refusal(error, 'taken')
      if (other) setTaken({ called: one, name: other.name })
      setFault(other ? null : words.answersFailed(errorWords(error)))
      return false
    }
  }
  async function add() {
    const called = readCalled(text)
    if (called === null) return setFault(words.answersNotRight)
    if (await set(called, true)) setText('')
  }
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
        checked={answers.includes(null)}
        onChange={(_, { checked }) => void set(null, checked)}
      />
      {answers.map(
        (one) =>
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
      <div className="settings-add-row">
        <Field label={words.answersAdd} hint={words.answersAddHint}>
          <Input
            value={text}
            maxLength={100}
            onChange={(_, { value }) => setText(value)}
            onKeyDown={({ key }) => key === 'Enter' && text.trim() !== '' && void add()}
          />
        </Field>
        <Button disabled={text.trim() === ''} onClick={() => void add()}>
          {words.answersAddButton}
        </Button>
      </div>
      {taken && (
        <div className="settings-list" role="alert">
          <p className="small caution">{words.answersTaken(taken.name, taken.called)}</p>
          <div className="row">
            <Button onClick={() => void takeOver()}>{words.answersTake}</Button>
            <Button appearance="subtle" onClick={() => setTaken(null)}>
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
