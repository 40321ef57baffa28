import { Button } from '@fluentui/react-components'
import type { ComponentProps } from 'react'
import { Icon, type IconName } from '../icons.tsx'

type Props = ComponentProps<'button'> & {
  icon: IconName
  title: string
  size?: 'small' | 'medium'
  disabledFocusable?: boolean
}

/** A button that shows an icon alone: `title` says what it does, to the hand that rests on it and to screen readers. */
export function IconButton({ icon, title, size = 'medium', ...button }: Props) {
  const drawn = <Icon name={icon} size={size === 'small' ? 16 : 20} />
  return <Button appearance="subtle" size={size} icon={drawn} title={title} aria-label={title} {...button} />
}
