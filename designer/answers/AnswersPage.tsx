'use client'
import { Button, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import { useState } from 'react'
import { isDefault } from '#flow/routing.ts'
import { Icon } from '../icons.tsx'
import { answersMessages as words } from '../messages/answers.ts'
import { Failed, Loading } from '../shell/Notice.tsx'
import { PageRoot } from '../shell/PageRoot.tsx'
import { SectionPage } from '../shell/SectionPage.tsx'
import { useLoaded } from '../shell/useLoaded.ts'
import { useNow } from '../shell/useNow.ts'
import { RuleDialogs } from './RuleDialogs.tsx'
import { RuleTable } from './RuleTable.tsx'
import { TryCall } from './TryCall.tsx'
import { type Answers, type Asked, loadAnswers, useOrder } from './useAnswers.ts'
import './answers.css'

const everyMinute = 60_000

/** Which flow answers which call: rules in order, and a call to try. It holds at once, without publishing. */
export const AnswersPage = () => (
  <PageRoot>
    <Answering />
  </PageRoot>
)

function Answering() {
  const { value, error, reload } = useLoaded('answers', loadAnswers)
  const [asked, setAsked] = useState<Asked | null>(null)
  const canAdd = value !== null && value.flows.length > 0
  return (
    <SectionPage
      section="answers"
      title={words.title}
      beside={
        canAdd && (
          <Button icon={<Icon name="plus" />} onClick={() => setAsked({ what: 'add' })}>
            {words.add}
          </Button>
        )
      }
    >
      {value === null ? (
        error ? (
          <Failed error={error} onAgain={reload} />
        ) : (
          <Loading />
        )
      ) : value.flows.length === 0 ? (
        <NoFlows />
      ) : (
        <Rules answers={value} onAsk={setAsked} onChanged={reload} />
      )}
      {value && (
        <RuleDialogs
          answers={value}
          asked={asked}
          onClose={() => setAsked(null)}
          onChanged={() => {
            setAsked(null)
            reload()
          }}
        />
      )}
    </SectionPage>
  )
}

type RulesProps = { answers: Answers; onAsk(asked: Asked): void; onChanged(): void }

function Rules({ answers, onAsk, onChanged }: RulesProps) {
  const now = useNow(true, everyMinute)
  const { rules, move, said } = useOrder(answers.rules, onChanged)
  const lines = rules.filter((rule) => !isDefault(rule)).length
  return (
    <>
      <p className="quiet">{words.intro(lines)}</p>
      {!rules.some(isDefault) && <Gap onFix={() => onAsk({ what: 'default' })} />}
      <p className="small" role="status">
        {said}
      </p>
      <div className="answers">
        <RuleTable {...{ rules, now, onAsk }} hours={answers.hours} onMove={move} />
        <TryCall rules={rules} hours={answers.hours} now={now} />
      </div>
    </>
  )
}

const Gap = ({ onFix }: { onFix(): void }) => (
  <MessageBar intent="warning" layout="multiline">
    <MessageBarBody>
      <MessageBarTitle>{words.gap.title}</MessageBarTitle>
      {words.gap.text}
    </MessageBarBody>
    <MessageBarActions>
      <Button appearance="primary" onClick={onFix}>
        {words.gap.fix}
      </Button>
    </MessageBarActions>
  </MessageBar>
)

const NoFlows = () => (
  <div className="card notice">
    <h2>{words.noFlows.title}</h2>
    <p>{words.noFlows.text}</p>
    <Button as="a" href="/flows" appearance="primary">
      {words.noFlows.go}
    </Button>
  </div>
)
