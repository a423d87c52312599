const paths = {
  check: 'm3 8.5 3.5 3.5L13 4.5',
  clock: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3l2 1.5',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.5 10.5 13.5 13.5',
  person: 'M8 2.5a2.75 2.75 0 1 0 0 5.5 2.75 2.75 0 0 0 0-5.5M3 13.5c.6-2.2 2.5-3.5 5-3.5s4.4 1.3 5 3.5',
  menu: 'm4 6 4 4 4-4',
  outside:
    'M6.5 3.5H4A1.5 1.5 0 0 0 2.5 5v7A1.5 1.5 0 0 0 4 13.5h7a1.5 1.5 0 0 0 1.5-1.5V9.5M9.5 2.5h4v4M13.5 2.5 7.5 8.5',
  send: 'M8 13V3M8 3 3.5 7.5M8 3l4.5 4.5',
  down: 'M8 3v10M8 13l4.5-4.5M8 13 3.5 8.5',
  back: 'M13 8H3M3 8l4.5-4.5M3 8l4.5 4.5',
  close: 'm4 4 8 8M12 4l-8 8',
  compose:
    'M8 3H4.5A1.5 1.5 0 0 0 3 4.5v7A1.5 1.5 0 0 0 4.5 13h7a1.5 1.5 0 0 0 1.5-1.5V8M7 9l.4-2L12 2.4a1.1 1.1 0 0 1 1.6 1.6L9 8.6z',
}

/** The drawings there are. */
export type IconName = keyof typeof paths

/** A drawing of 16 by 16 in the colour of the text; the words beside it say what it means. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}
