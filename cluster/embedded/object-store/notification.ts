/** Where a bucket's events go, as the bucket's notification configuration has it. */
export interface Notification {
  id: string;
  arn: string;
  /** `s3:ObjectCreated:*` */
  events: string[];
  prefix: string;
  suffix: string;
}

const names = {
  put: 's3:ObjectCreated:Put',
  complete: 's3:ObjectCreated:CompleteMultipartUpload',
  delete: 's3:ObjectRemoved:Delete',
} as const;

export type EventName = (typeof names)[keyof typeof names];

/** How a configuration may name what can happen here. */
export const eventPatterns: readonly string[] = [...Object.values(names), 's3:ObjectCreated:*', 's3:ObjectRemoved:*'];

export function wants({ events, prefix, suffix }: Notification, name: EventName, key: string): boolean {
  const named = events.some((event) => event === name || (event.endsWith('*') && name.startsWith(event.slice(0, -1))));
  return named && key.startsWith(prefix) && key.endsWith(suffix);
}
