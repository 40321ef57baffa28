import { Icon } from '../icons.tsx'
import { shellMessages } from '../messages/shell.ts'

const { problemCounts: words } = shellMessages

type Counts = { errors: number; warnings: number; todo?: number }

/** "2 things to do", "1 error", "2 warnings": only what there is. */
export function ProblemCounts({ errors, warnings, todo = 0 }: Counts) {
  return (
    <>
      {todo > 0 && (
        <span className="mark">
          <Icon name="todo" size={16} />
          {words.todo(todo)}
        </span>
      )}
      {errors > 0 && (
        <span className="mark bad">
          <Icon name="err" size={16} />
          {words.errors(errors)}
        </span>
      )}
      {warnings > 0 && (
        <span className="mark caution">
          <Icon name="warn" size={16} />
          {words.warnings(warnings)}
        </span>
      )}
    </>
  )
}
