// @ts-check

/** Something that keeps Breakwater from running. Printed as one line: what happened, where, and what to do. */
export class LaunchError extends Error {
  /**
   * @param {string} code stable, in kebab case
   * @param {string} message what happened, and where
   * @param {string} action what to do about it
   * @param {{ cause?: unknown }} [options]
   */
  constructor(code, message, action, options) {
    super(message, options);
    this.name = 'LaunchError';
    this.code = code;
    this.action = action;
  }
}

/**
 * One line for people. An error that nobody foresaw keeps its stack, for it is a fault of ours.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function describeFailure(error) {
  if (error instanceof LaunchError) return `${error.message} ${error.action}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
