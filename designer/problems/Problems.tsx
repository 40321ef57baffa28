import './problems.css'
import { Button } from '@fluentui/react-components'
import type { ReactNode } from 'react'
import type { Drawing } from '../drawing.ts'
import { Icon } from '../icons.tsx'
import { designerMessages } from '../messages/designer.ts'
import { ProblemCounts } from '../shell/ProblemCounts.tsx'
import { countBySeverity, type Finding } from './finding.ts'
import { type Fix, fixOf } from './fixes.ts'
import { problemWords } from './problemWords.ts'

const { problems: words } = designerMessages

type Props = {
  drawing: Drawing
  problems: readonly Finding[]
  /** False while the rules by which it is found are on their way. */
  isChecked: boolean
  open: boolean
  onToggle(): void
  onShow(problem: Finding): void
  /** Without it nothing may be changed now. */
  onFix: ((fix: Fix) => void) | undefined
  /** The tools of the view, at the right end of the strip. */
  children: ReactNode
}

/** The strip under the canvas, and above it on demand what is wrong with the flow. */
export function Problems({ drawing, problems, isChecked, open, onToggle, onShow, onFix, children }: Props) {
  return (
    <section className="problems column" aria-label={words.title}>
      <div className="strip row">
        <Button
          appearance="subtle"
          className="strip-toggle"
          aria-expanded={open}
          icon={<Icon name={open ? 'chevronDown' : 'chevronUp'} size={12} />}
          onClick={onToggle}
        >
          {words.title}
        </Button>
        <span className="small quiet cut">
          {!isChecked ? (
            words.notChecked
          ) : problems.length === 0 ? (
            words.none
          ) : open ? (
            words.errorsStop
          ) : (
            <span className="row">
              <ProblemCounts {...countBySeverity(problems)} />
            </span>
          )}
        </span>
        <span className="space" />
        {children}
      </div>
      {open && problems.length > 0 && <ProblemList {...{ drawing, problems, onShow, onFix }} />}
    </section>
  )
}

const looks = {
  error: { icon: 'err', word: words.error, look: 'bad' },
  warning: { icon: 'warn', word: words.warning, look: 'caution' },
  todo: { icon: 'todo', word: words.todo, look: '' },
} as const

type ListProps = Pick<Props, 'drawing' | 'problems' | 'onShow'> & Partial<Pick<Props, 'onFix'>>

/** What is wrong, one row each, with the way to it, and with its fix if it has one and may be mended here. */
export function ProblemList({ drawing, problems, onShow, onFix }: ListProps) {
  return (
    <ul className="problem-list">
      {problems.map((problem) => {
        const { where, what, why } = problemWords(drawing, problem)
        const { icon, word, look } = looks[problem.severity]
        const fix = onFix && fixOf(drawing, problem)
        const open = problem.code === 'exitOpen' || problem.code === 'linkBroken'
        return (
          <li
            className="problem"
            key={`${problem.block} ${problem.code} ${problem.exit} ${problem.field} ${problem.detail}`}
          >
            <span className={look}>
              <Icon name={icon} />
              <span className="unseen">{word}</span>
            </span>
            <div className="problem-text">
              <p>
                <span className="strong">{where}:</span> {what}
              </p>
              <p className="small quiet">{why}</p>
            </div>
            <div className="row">
              {fix && (
                <Button aria-label={words.fixFor(fix.label, `${where}, ${what}`)} onClick={() => onFix(fix)}>
                  {fix.label}
                </Button>
              )}
              <Button
                onClick={() => onShow(problem)}
                aria-label={open ? words.chooseFor(`${where}, ${what}`) : words.showBlock(`${where}, ${what}`)}
              >
                {open ? words.choose : words.show}
              </Button>
            </div>
          </li>
        )
      })}
    </ul>
  )
}
