/** A handset, shared by the icons about calls. */
const handset =
  'M7 3.5 8.4 6.7 6.9 8.3c.9 2 2.8 3.9 4.8 4.8l1.6-1.5 3.2 1.4c.1 2-1.2 3.5-3.1 3.5C8 16.5 3.5 12 3.5 6.6 3.5 4.7 5 3.4 7 3.5Z'

/** Our own icons: 20 x 20, stroke 1.5. */
const paths = {
  phone: handset,
  callIn: `${handset}M16.5 3.5 12 8M12 4.6V8h3.4`,
  callBack: `${handset}M16.5 8 12 3.5M12 6.900V3.500h3.400`,
  transfer: `${handset}M12 8l4.5-4.5M13.1 3.5h3.4v3.4`,
  hangUp: 'M2.8 11c4-3.9 10.4-3.9 14.4 0l-1.7 2.3-3-1.2v-2.2a9 9 0 0 0-5 0v2.2l-3 1.2L2.8 11Z',
  say: 'M5.5 3.8h9a2 2 0 0 1 2 2v5.4a2 2 0 0 1-2 2H9.3l-3.8 3v-3a2 2 0 0 1-2-2V5.8a2 2 0 0 1 2-2ZM7.6 7.4v2.2M10 6.4v4.2M12.4 7.4v2.2',
  voicemail:
    'M6.200 12.700a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400ZM13.800 12.700a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400ZM6.200 12.700h7.600',
  clock: 'M10 3.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13ZM10 6.6V10l2.4 1.7',
  hours: 'M4 5h12v11.500H4zM4 8.500h12M7 3.200V6M13 3.200V6M10 10.600v2.400l1.700 1',
  table: 'M3.500 4.500h13v11h-13zM3.500 8h13M3.500 11.800h13M8 8v7.500',
  tableEdit: 'M16.500 8.500v-4h-13v11h5M3.500 8h13M3.500 11.800h7M8 8v7.500M11 16.500l.500-2.200 4-4 1.700 1.700-4 4z',
  loop: 'M15.800 8.200A6.200 6.200 0 0 0 4.600 6.800M4.300 3.800v3.200h3.200M4.200 11.800a6.200 6.200 0 0 0 11.200 1.400M15.700 16.200V13h-3.200',
  branch: 'M10 3.5v3M10 6.5 5.5 11v5M10 6.5l4.5 4.5v5M3.6 14.2 5.5 16l1.9-1.8M12.6 14.2l1.9 1.8 1.9-1.8',
  flowCall: 'M3.500 4.500h6v4.500h-6zM10.500 11.500h6v4.500h-6zM9.500 6.700h4v4.800M6.500 9v4.800h4',
  flowTo: 'M3.500 4.500h6v4.500h-6zM6.500 9v4.800h10M13.500 10.800l3 3-3 3',
  flowIn: 'M9.500 4.500h7v11h-7M3.500 10h9M9.500 7l3 3-3 3',
  flowOut: 'M10.500 4.500h-7v11h7M7.500 10h9M13.500 7l3 3-3 3',
  list: 'M7.500 5.500h9M7.500 10h9M7.500 14.500h9M3.500 5.500h.800M3.500 10h.800M3.500 14.500h.800',
  digits: 'M3.5 5.5h13v9h-13zM6.5 8.5v3M10 8.5v3M13.5 8.5v3',
  sound: 'M3.5 8h2.6L10 4.8v10.4L6.1 12H3.5zM12.6 7.7a3.2 3.2 0 0 1 0 4.6M14.8 5.6a6.2 6.2 0 0 1 0 8.8',
  person: 'M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM4 16.5c.4-3 2.8-4.5 6-4.5s5.6 1.5 6 4.5',
  braces:
    'M7.500 3.800c-2.200 0-1 2.800-1.600 4.500C5.600 9.200 4.500 10 4.500 10s1.100.800 1.400 1.700c.600 1.700-.600 4.500 1.600 4.500M12.500 3.800c2.200 0 1 2.800 1.600 4.500.3.900 1.400 1.700 1.400 1.700s-1.100.800-1.400 1.700c-.6 1.700.6 4.500-1.600 4.500',
  globe:
    'M10 3.500a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13ZM3.700 10h12.600M10 3.500c2.200 2 3.200 4.100 3.200 6.500s-1 4.500-3.200 6.500c-2.200-2-3.200-4.100-3.200-6.500s1-4.500 3.200-6.500',
  search: 'M8.800 13.600a4.800 4.800 0 1 0 0-9.600 4.800 4.800 0 0 0 0 9.600ZM12.300 12.300l4.200 4.200',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  close: 'M5 5l10 10M15 5 5 15',
  undo: 'M7 4 3.500 7.500 7 11M3.500 7.500h8a4.300 4.300 0 0 1 0 8.600H8',
  redo: 'M13 4l3.500 3.500L13 11M16.500 7.500h-8a4.300 4.300 0 0 0 0 8.600H12',
  fit: 'M3.500 7.500v-3a1 1 0 0 1 1-1h3M12.500 3.500h3a1 1 0 0 1 1 1v3M16.500 12.500v3a1 1 0 0 1-1 1h-3M7.500 16.500h-3a1 1 0 0 1-1-1v-3',
  warn: 'M10 3.600 17.200 16H2.800L10 3.600ZM10 8.300v3.400M10 13.800v.1',
  info: 'M10 3.500a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13ZM10 9.300v4M10 6.700v.1',
  err: 'M7.200 3.200h5.600l4 4v5.600l-4 4H7.200l-4-4V7.200l4-4ZM10 6.700v4M10 13.100v.1',
  check: 'M4.500 10.500l3.700 3.700 7.300-8.200',
  okCircle: 'M10 3.500a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13ZM7 10.200l2.200 2.200 4-4.500',
  todo: 'M16.3 11.6A6.5 6.5 0 0 1 14.5 14.7M11.8 16.2A6.5 6.5 0 0 1 8.2 16.2M5.5 14.7A6.5 6.5 0 0 1 3.7 11.6M3.7 8.4A6.5 6.5 0 0 1 5.5 5.3M8.2 3.8A6.5 6.5 0 0 1 11.8 3.8M14.5 5.3A6.5 6.5 0 0 1 16.3 8.4',
  skip: 'M10 3.500a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13ZM7 10h6',
  chevronDown: 'M5 7.500l5 5 5-5',
  chevronRight: 'M7.500 5l5 5-5 5',
  chevronUp: 'M5 12.500l5-5 5 5',
  keysAnywhere: 'M4 3.500h12v13H4zM10 6.800v6.400M7.200 8.400l5.600 3.200M12.800 8.400l-5.600 3.200',
  back: 'M9 4 3.500 10 9 16M3.500 10h13',
  right: 'M11 4l5.500 6L11 16M16.500 10h-13',
  turnBack: 'M7.500 5 3.500 9l4 4M3.500 9h8.500a4 4 0 0 1 0 8H9',
  play: 'M6.500 4.500v11l9-5.500z',
  prev: 'M14.500 5v10L7.500 10zM5.500 5v10',
  next: 'M5.500 5v10l7-5zM14.500 5v10',
  copy: 'M7.500 7.500h8a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-8a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1ZM13.500 7.500v-3a1 1 0 0 0-1-1h-8a1 1 0 0 0-1 1v7a1 1 0 0 0 1 1h2',
  cut: 'M6 12.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4ZM14 12.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4ZM7 12.800 13.500 3.500M13 12.800 6.500 3.500',
  paste:
    'M7.500 5h-2a1 1 0 0 0-1 1v9.500a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1V6a1 1 0 0 0-1-1h-2M7.500 3.500h5v3h-5zM7.500 10.500h5M7.500 13.500h3',
  duplicate: 'M7.500 7.500h9v9h-9zM13.500 7.500v-4h-10v10h4M12 9.800v4.400M9.800 12h4.400',
  note: 'M4.500 3.500h11v8l-4.500 5H4.500zM15.500 11.500H11v5',
  pencil: 'M4 16l.8-3.500L13 4.300a1.400 1.400 0 0 1 2 0l.7.700a1.400 1.400 0 0 1 0 2L7.500 15.200 4 16Z',
  history: 'M3.800 8A6.500 6.500 0 1 1 3.600 11.500M3.500 4.500V8H7M10 6.800V10l2.300 1.600',
  download: 'M10 3.500v9.500M6 9.500l4 4 4-4M4 16.500h12',
  upload: 'M10 13V3.500M6 7.500l4-4 4 4M4 16.500h12',
  trash: 'M4 5.500h12M8 5.500v-2h4v2M5.500 5.500l.800 11h7.400l.800-11M8.500 8.500v5M11.500 8.500v5',
  mail: 'M3.500 5.500h13v9h-13zM3.500 6.500l6.500 4.500 6.500-4.500',
  export: 'M10 12.500v-9M6.500 7 10 3.500 13.500 7M4.500 10.500v5a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-5',
} as const

const dots = {
  keypad: [5, 10, 15].flatMap((y) => [5, 10, 15].map((x) => ({ x, y, r: 1.3 }))),
  more: [4.5, 10, 15.5].map((x) => ({ x, y: 10, r: 1.4 })),
} as const

export type IconName = keyof typeof paths | keyof typeof dots

/** The icon of this name; blocks name theirs by a plain text. A name that is not drawn here becomes `info`. */
export const iconNamed = (name: string): IconName => (isDrawn(name) ? name : 'info')

/** True when there is a drawing of this name. */
export const isDrawn = (name: string): name is IconName => Object.hasOwn(paths, name) || Object.hasOwn(dots, name)

/** One icon in the colour of the text around it. It says nothing to screen readers: what it is for stands in words. */
export function Icon({ name, size = 20 }: { name: IconName; size?: 12 | 16 | 20 | 24 }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth={size === 12 ? 2 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ display: 'block', flex: 'none' }}
      aria-hidden="true"
    >
      {name === 'keypad' || name === 'more' ? (
        dots[name].map(({ x, y, r }) => (
          <circle key={`${x} ${y}`} cx={x} cy={y} r={r} fill="currentColor" stroke="none" />
        ))
      ) : (
        <path d={paths[name]} />
      )}
    </svg>
  )
}
