import { Icon } from '../icons.tsx'

/** The arrow at the beginning of a bar. */
export const BackLink = ({ href, title }: { href: string; title: string }) => (
  <a className="back-link" href={href} title={title} aria-label={title}>
    <Icon name="back" />
  </a>
)
