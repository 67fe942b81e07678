/** The format of the container runtime interface, which real kubelets write to disk as well: `<time> stdout F <text>`. */
export function formatLine(time: Date, stream: 'stdout' | 'stderr', text: string): string {
  return `${time.toISOString()} ${stream} F ${text}\n`;
}

/** Offset of the time, and of the text, in a line of that format. */
export function parseLine(line: string): { time: string; text: string } {
  const afterTime = line.indexOf(' ');
  const afterStream = line.indexOf(' ', afterTime + 1);
  return { time: line.slice(0, afterTime), text: line.slice(line.indexOf(' ', afterStream + 1) + 1) };
}
