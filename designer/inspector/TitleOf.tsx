import { texts } from './context.ts'

/** The title of a field; what must be filled in says so in words. */
export function TitleOf({ title, required }: { title: string; required: boolean }) {
  return (
    <>
      <span className="settings-title">{title}</span>
      {required && <span className="settings-required"> {texts.required}</span>}
    </>
  )
}
