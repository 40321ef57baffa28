import { Button } from '@fluentui/react-components'
import { versionsMessages as words } from '../messages/versions.ts'
import { News } from '../shell/News.tsx'
import type { VersionActions } from './useVersionActions.ts'

type Props = { actions: VersionActions; failed?: unknown }

/** What has just been done, with the way to take it back, and what did not work: here, or where the page was loaded (`failed`). */
export const VersionNews = ({ actions: { news, failure }, failed = null }: Props) => (
  <News
    failure={failure ?? failed}
    said={[
      news && { text: news.text, ...(news.undo && { action: <Button onClick={news.undo}>{words.undo}</Button> }) },
    ]}
  />
)
