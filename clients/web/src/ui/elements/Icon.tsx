// Our own icons: one pen, 1.5 units wide, on a field of 20. They inherit the colour of the ink around them.
// Always beside a word, or inside a control that has one for those who do not see.

const strokes = {
  back: 'M12.5 4 6.5 10l6 6',
  down: 'M4.5 7.5 10 13l5.5-5.5',
  up: 'M4.5 12.5 10 7l5.5 5.5',
  close: 'M5 5l10 10M15 5 5 15',
  check: 'M3.5 10.5 8 15l8.5-10',
  plus: 'M10 4v12M4 10h12',
  search: 'M8.8 14.1a5.3 5.3 0 1 0 0-10.6 5.3 5.3 0 0 0 0 10.6ZM12.8 12.8 17 17',
  send: 'M10 16.5v-13M4.5 9 10 3.5 15.5 9',
  reply: 'M8 5 3.5 9.5 8 14M3.5 9.5h7a6 6 0 0 1 6 6',
  forward: 'M12 5l4.5 4.5L12 14M16.5 9.5h-7a6 6 0 0 0-6 6',
  react: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM7.2 11.6c.7 1.2 1.7 1.8 2.8 1.8s2.1-.6 2.8-1.8M7.6 7.6v.6M12.4 7.6v.6',
  edit: 'M4 16l.8-3.4L13.2 4l2.8 2.8-8.6 8.5L4 16ZM11.5 5.8l2.8 2.8',
  copy: 'M7.5 7.5h9v9h-9zM12.5 7.5v-4h-9v9h4',
  pin: 'M7 3.5h6l-1 5 2.5 3h-9l2.5-3-1-5ZM10 11.5V17',
  star: 'M10 3.2l2.1 4.3 4.7.7-3.4 3.3.8 4.7-4.2-2.2-4.2 2.2.8-4.7L3.2 8.2l4.7-.7L10 3.2Z',
  trash: 'M4 5.5h12M8 5.5v-2h4v2M5.5 5.5l.7 11h7.6l.7-11M8.5 8.5v5M11.5 8.5v5',
  unread: 'M3.5 5h13M3.5 9h7M3.5 13h5M14.5 16.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z',
  people:
    'M7.2 9.8a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 16.5c.3-3 2.3-4.7 5.2-4.7s4.9 1.7 5.2 4.7M12.8 4.2a2.9 2.9 0 0 1 0 5.4M14.5 12.2c2 .5 3.3 2 3.5 4.3',
  invite:
    'M8 9.8a3.1 3.1 0 1 0 0-6.2 3.1 3.1 0 0 0 0 6.2ZM2.5 16.5c.3-3 2.5-4.7 5.5-4.7 1.7 0 3.2.6 4.2 1.6M15 11v6M12 14h6',
  group: 'M3.5 4h9v7h-5l-2.5 2.5V11H3.5zM15 7.5h1.5V14H15v2.5L12.5 14H9.5',
  settings: 'M3 6h8M15 6h2M13 6a2 2 0 1 1-2-2 2 2 0 0 1 2 2ZM3 14h2M9 14h8M9 14a2 2 0 1 1-2-2 2 2 0 0 1 2 2Z',
  device: 'M2.5 4h11v8.5h-11zM5.5 15.5h4M14.5 8h3v8.5h-4V13.5',
  baton: 'M2.5 10h11M10 6l4 4-4 4M17 4v12',
  muted:
    'M4 13.5c1-1 1.5-2 1.5-4.5 0-2.8 1.8-4.7 4.5-4.7.9 0 1.7.2 2.4.6M14.4 8c.1 3.4.6 4.5 1.6 5.5H8M8.7 16.2h2.6M4 4l12 12.5',
  key: 'M7 13a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM10.5 9.5H17.5V12.5M14.5 9.5V12',
  share: 'M10 12.5V3M6.5 6 10 2.8 13.5 6M5.5 9H4v7.5h12V9h-1.5',
  download: 'M10 3v9.5M6.5 9.5 10 13l3.5-3.5M4 16.5h12',
  print: 'M6 7V3.5h8V7M6 13H3.5V7h13v6H14M6 11h8v5.5H6z',
  warning: 'M10 3.5 17.5 16.5h-15L10 3.5ZM10 8.5v4M10 14.2v.6',
  clock: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6v4.3l2.7 1.7',
  sent: 'M4 10h11M11 6l4 4-4 4',
  delivered: 'M1.5 10.5 5.5 14.5 12.5 5.5M9.5 14.3l8-8.8',
  read: 'M1.5 8.5 5.5 12.5 12.5 3.5M9.5 12.3l8-8.8M2 16.7h16',
  kept: 'M3.5 4.5h13v3.5h-13zM4.5 8v8.5h11V8M8 11h4',
  map: 'M10 10 4.5 4.8M10 10l6-4M10 10l4.5 6M10 10l-5 5M4 5.5a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8ZM16.5 7a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8ZM15 17.8a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8ZM4.5 17a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8ZM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
} as const;

const dots = { more: [4.5, 10, 15.5] } as const;

export type IconName = keyof typeof strokes | keyof typeof dots;

export function Icon(props: { name: IconName; filled?: boolean; small?: boolean }) {
  const name = props.name;
  return (
    <svg class={props.small ? 'icon icon-small' : 'icon'} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      {name === 'more' ? (
        dots.more.map((x) => <circle cx={x} cy="10" r="1.4" fill="currentColor" />)
      ) : (
        <path
          d={strokes[name]}
          fill={props.filled ? 'currentColor' : 'none'}
          stroke="currentColor"
          stroke-width="1.5"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      )}
    </svg>
  );
}

/** The knot: one thread tied to itself, as on a gift. Our mark. */
export function Knot(props: { class?: string }) {
  return (
    <svg class={props.class ?? 'knot'} viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <path d={knotPath} fill="none" stroke="currentColor" stroke-width="2.75" stroke-linecap="round" />
    </svg>
  );
}

const knotPath =
  'M2 33C14 33 20 8 31 8C39 8 43 14 41 21C39 29 31 34 24 34C17 34 9 29 7 21C5 14 9 8 17 8C28 8 34 33 46 33';
