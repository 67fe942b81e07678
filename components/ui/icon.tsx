const paths = {
  close: 'M4 4l8 8M12 4l-8 8',
  check: 'M3.5 8.5l3 3 6-7',
  sun: 'M8 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M13.5 9.5A5.8 5.8 0 1 1 6.5 2.5a4.6 4.6 0 0 0 7 7z',
  screen: 'M2 3h12v8H2zM5.5 14h5M8 11v3',
  graph: 'M2 6h4v4H2zM10 2h4v4h-4zM10 10h4v4h-4zM6 8h2M8 4v8M8 4h2M8 12h2',
  list: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  chevron: 'M4 6l4 4 4-4',
  back: 'M10 3L5 8l5 5',
  grow: 'M4 6.5L8 2.5l4 4M8 3v10',
  shrink: 'M4 9.5L8 13.5l4-4M8 13V3',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M5 3.5l7 4.5-7 4.5z',
  open: 'M1 8h4M11 8h4M5 8l5-4',
  closed: 'M1 8h14',
  flag: 'M4 15V2M4 2.5l8 2.5-8 3.5',
  fit: 'M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  differs: 'M3 6h10M3 10h10M10.5 3l-5 10',
  nothing: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M4.2 11.8l7.6-7.6',
  clock: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 5v3.2l2 1.3',
  find: 'M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9M10.5 10.5l3.5 3.5',
  markBefore: 'M3.5 3.5v9M12 4L6.5 8l5.5 4z',
  markAfter: 'M12.5 3.5v9M4 4l5.5 4L4 12z',
  question: 'M6 6a2 2 0 1 1 3.2 1.6c-.8.6-1.2.9-1.2 1.9M8 12.5v.1',
} as const;

export type IconName = keyof typeof paths;

/** A line drawing of 16 by 16, in the colour of the text around it. Decoration: name the control, not the icon. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
