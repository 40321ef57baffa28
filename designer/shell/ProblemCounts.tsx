import { Icon } from '../icons.tsx'
import { shellMessages } from '../messages/shell.ts'

const { problemCounts: words } = shellMessages

/** "1 error", "2 warnings": only what there is. */
export function ProblemCounts({ errors, warnings }: { errors: number; warnings: number }) {
  return (
    <>
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
