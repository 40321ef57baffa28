import { flowMessages } from '#flow/messages/index.ts'
import { Icon } from '../icons.tsx'
import type { Finding } from '../problems/finding.ts'
import { problemWords } from '../problems/problemWords.ts'
import { texts, useEditing } from './context.ts'

/** What is still to be done in a block that was just added, in the order of its settings; each leads to its field. */
export function ThingsToDo({ onShow }: { onShow(finding: Finding): void }) {
  const { drawing, problems, id, block } = useEditing()
  const open = problems.filter((finding) => finding.block === id && finding.severity === 'todo')
  if (open.length === 0) return null
  return (
    <section className="settings-section to-do" aria-label={texts.toDo(open.length)}>
      <h3 className="row">
        <Icon name="todo" size={16} />
        {texts.toDo(open.length)}
      </h3>
      <ol>
        {open.map((finding) => {
          const { what, why, exit, field } = problemWords(drawing, finding)
          const example = flowMessages.blocks[block.type]?.fields[finding.field?.split('.')[0] ?? '']?.example
          const [title, hint] =
            finding.code === 'exitOpen'
              ? [texts.chooseWhere(exit), texts.chooseWhereHint]
              : finding.detail === 'required'
                ? [texts.fillIn(field), example === undefined ? null : texts.forExample(example)]
                : [what, why]
          return (
            <li key={`${finding.code} ${finding.exit} ${finding.field}`}>
              <button type="button" className="bare" onClick={() => onShow(finding)}>
                {title}
              </button>
              {hint !== null && <p className="small quiet">{hint}</p>}
            </li>
          )
        })}
      </ol>
    </section>
  )
}
