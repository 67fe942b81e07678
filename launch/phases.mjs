// @ts-check

/**
 * @typedef {object} Phase
 * @property {(detail: string) => void} progress shows what it is doing now, on a terminal
 * @property {(detail: string) => void} done prints its line, with the time it took
 * @property {() => void} failed takes its live line away
 *
 * @typedef {object} Phases
 * @property {(name: string) => Phase} begin
 * @property {(text: string) => void} line prints a line above the live one
 */

/** Away from a terminal, a phase says where it is no more often than this. */
const QUIET_MS = 10_000;

/**
 * Prints one line a phase. Phases may overlap: on a terminal the live line shows the one that moved last. Elsewhere a long
 * phase prints a line now and then.
 *
 * @param {Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>} out
 * @param {() => number} [now] ms
 * @returns {Phases}
 */
export function createPhases(out, now = () => performance.now()) {
  /** @type {{ name: string, detail: string, since: number }[]} */
  const running = [];

  const seconds = (/** @type {number} */ since) => `${((now() - since) / 1000).toFixed(1)} s`;
  const clear = () => out.isTTY && out.write('\r\x1b[2K');
  let printedAt = now();
  const draw = () => {
    const latest = running.at(-1);
    if (!latest) return;
    const text = `  … ${latest.name.padEnd(10)} ${latest.detail.padEnd(44)} ${seconds(latest.since)}`;
    if (out.isTTY) out.write(`\r\x1b[2K${text.slice(0, (out.columns || 80) - 1)}`);
    else if (latest.detail && now() - printedAt >= QUIET_MS) {
      printedAt = now();
      out.write(`${text}\n`);
    }
  };
  const line = (/** @type {string} */ text) => {
    clear();
    out.write(`${text}\n`);
    printedAt = now();
    draw();
  };

  return {
    line,
    begin(name) {
      const phase = { name, detail: '', since: now() };
      running.push(phase);
      draw();
      const leave = () => {
        const index = running.indexOf(phase);
        if (index >= 0) running.splice(index, 1);
      };
      return {
        progress(detail) {
          if (!running.includes(phase)) return;
          leave();
          phase.detail = detail;
          running.push(phase);
          draw();
        },
        done(detail) {
          leave();
          line(`  ✓ ${name.padEnd(10)} ${detail.padEnd(44)} ${seconds(phase.since)}`);
        },
        failed() {
          leave();
          clear();
          draw();
        },
      };
    },
  };
}
