import { answersMessages } from '../messages/answers.ts'
import { api } from '../shell/api.ts'
import { ConfirmDialog } from '../shell/ConfirmDialog.tsx'
import { DialogFrame } from '../shell/DialogFrame.tsx'
import { RuleForm } from './RuleForm.tsx'
import type { Answers, Asked } from './useAnswers.ts'

const words = answersMessages.removing

type Props = { answers: Answers; asked: Asked | null; onClose(): void; onChanged(): void }

export function RuleDialogs({ answers, asked, onClose, onChanged }: Props) {
  const isForm = asked !== null && asked.what !== 'remove'
  const removing = asked?.what === 'remove' ? asked : null
  return (
    <>
      <DialogFrame open={isForm} onClose={onClose}>
        {isForm && <RuleForm answers={answers} asked={asked} onClose={onClose} onSaved={onChanged} />}
      </DialogFrame>
      <ConfirmDialog
        open={removing !== null}
        title={words.title(removing?.line ?? '')}
        text={words.text}
        submit={words.submit}
        cancel={words.cancel}
        act={async () => {
          if (removing) await api.removeRoute(removing.rule.id)
          onChanged()
        }}
        onClose={onClose}
      />
    </>
  )
}
