/** As times in objects are written: RFC 3339, whole seconds. Unix time in ms, or now. */
export function timestamp(time: number | Date = Date.now()): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}
