import { Icon } from '../icons.tsx'
import { designerMessages } from '../messages/designer.ts'

/** "1 error", "2 warnings": only what there is. */
export function ProblemCounts({ errors, warnings }: { errors: number; warnings: number }) {
  return (
    <>
      {errors > 0 && (
        <span className="problem-count bad">
          <Icon name="err" size={16} />
          {designerMessages.errors(errors)}
        </span>
      )}
      {warnings > 0 && (
        <span className="problem-count caution">
          <Icon name="warn" size={16} />
          {designerMessages.warnings(warnings)}
        </span>
      )}
    </>
  )
}
