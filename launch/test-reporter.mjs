// @ts-check
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { inspect } from 'node:util';

/**
 * Reporter for `node --test`: one line a file, failures in full, skips with their reason, what a file says of itself. Leaves the counts as JSON in the
 * file that BREAKWATER_TEST_RESULT names.
 *
 * @param {AsyncIterable<import('node:test/reporters').TestEvent>} events
 */
export default async function* report(events) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  /** @type {Map<string, { passed: number, failed: number, skipped: number, ms: number }>} */
  const files = new Map();
  for await (const { type, data } of events) {
    if (type === 'test:summary' && data.file) {
      const name = relative(process.cwd(), data.file);
      const file = files.get(name) ?? { passed: 0, failed: 0, skipped: 0, ms: 0 };
      const sign = file.failed ? '✗' : '✓';
      yield `  ${sign} ${name}: ${file.passed} passed${file.failed ? `, ${file.failed} failed` : ''}, ${seconds(data.duration_ms)}\n`;
    }
    // What a file says of its own, as an error thrown after its tests: without it, such a file only "failed".
    if (type === 'test:diagnostic' && data.file) yield `  ! ${relative(process.cwd(), data.file)}: ${data.message}\n`;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const name = relative(process.cwd(), data.file ?? '');
    if (data.details.type === 'suite') {
      // Its tests only say that they were cancelled.
      const error = /** @type {(Error & { failureType?: string }) | undefined} */ (
        type === 'test:fail' ? data.details.error : undefined
      );
      if (error?.failureType === 'hookFailed')
        yield `  ✗ ${name}:${data.line ?? ''} before or after ${data.name}\n${indent(describe(error))}\n`;
      continue;
    }
    const file = files.get(name) ?? { passed: 0, failed: 0, skipped: 0, ms: 0 };
    files.set(name, file);
    if (data.skip !== undefined || data.todo !== undefined) {
      counts.skipped += 1;
      file.skipped += 1;
      yield `  - skipped: ${data.name} (${typeof data.skip === 'string' ? data.skip : 'no reason given'})\n`;
    } else if (type === 'test:pass') {
      counts.passed += 1;
      file.passed += 1;
    } else {
      counts.failed += 1;
      file.failed += 1;
      yield `  ✗ ${name}:${data.line ?? ''} ${data.name}\n${indent(describe(data.details.error))}\n`;
    }
  }
  const { BREAKWATER_TEST_RESULT: result } = process.env;
  if (result) writeFileSync(result, JSON.stringify(counts));
}

/**
 * The error a test failed with, not the runner's wrapping of it.
 *
 * @param {Error & { code?: string }} error
 */
function describe(error) {
  return inspect(error.code === 'ERR_TEST_FAILURE' && error.cause ? error.cause : error, { depth: 4 });
}

/** @param {string} text */
function indent(text) {
  return text.replace(/^/gm, '      ');
}

/** @param {number} ms */
function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}
