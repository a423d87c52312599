const paths = {
  send: 'M8 13V3M8 3 3.5 7.5M8 3l4.5 4.5',
  down: 'M8 3v10M8 13l4.5-4.5M8 13 3.5 8.5',
  back: 'M13 8H3M3 8l4.5-4.5M3 8l4.5 4.5',
  close: 'm4 4 8 8M12 4l-8 8',
  compose:
    'M8 3H4.5A1.5 1.5 0 0 0 3 4.5v7A1.5 1.5 0 0 0 4.5 13h7a1.5 1.5 0 0 0 1.5-1.5V8M7 9l.4-2L12 2.4a1.1 1.1 0 0 1 1.6 1.6L9 8.6z',
}

/** A drawing of 16 by 16 in the colour of the text; the words beside it say what it means. */
export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}
