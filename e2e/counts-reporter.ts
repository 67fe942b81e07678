import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { writeFileSync } from 'node:fs';

/** Leaves the counts as JSON in the file that BREAKWATER_TEST_RESULT names. */
export default class CountsReporter implements Reporter {
  readonly #outcomes = new Map<string, TestResult['status']>();

  onTestEnd(test: TestCase, result: TestResult): void {
    this.#outcomes.set(test.id, result.status);
  }

  onEnd(): void {
    const statuses = [...this.#outcomes.values()];
    const passed = statuses.filter((status) => status === 'passed').length;
    const skipped = statuses.filter((status) => status === 'skipped').length;
    const file = process.env.BREAKWATER_TEST_RESULT;
    if (file) writeFileSync(file, JSON.stringify({ passed, failed: statuses.length - passed - skipped, skipped }));
  }

  printsToStdio(): boolean {
    return false;
  }
}
