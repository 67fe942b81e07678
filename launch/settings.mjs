// @ts-check
import { resolve } from 'node:path';
import { LaunchError } from './launch-error.mjs';

/**
 * @typedef {object} Settings
 * @property {number} port of the page; 0 takes any free one
 * @property {string} host address the page listens on
 * @property {string} home absolute path of the state folder
 * @property {number} memoryMB that must be available to start
 * @property {number} diskMB that must be free to start
 */

/**
 * Everything about a start that its environment decides.
 *
 * @param {Record<string, string | undefined>} env
 * @param {string} root folder of the repository
 * @param {'lab' | 'cluster'} [what] is started
 * @returns {Settings}
 * @throws {LaunchError} `bad-setting`
 */
export function readSettings(env, root, what = 'lab') {
  return {
    port: wholeNumber(env, 'PORT', 4000, 65_535),
    host: env.HOST || '127.0.0.1',
    home: resolve(root, env.BREAKWATER_HOME || '.breakwater'),
    memoryMB: wholeNumber(env, 'BREAKWATER_MEMORY_MB', what === 'lab' ? 900 : 300, 1_048_576),
    diskMB: wholeNumber(env, 'BREAKWATER_DISK_MB', 200, 1_048_576),
  };
}

/**
 * @param {Record<string, string | undefined>} env
 * @param {string} name
 * @param {number} byDefault
 * @param {number} max
 */
function wholeNumber(env, name, byDefault, max) {
  const text = env[name]?.trim();
  if (!text) return byDefault;
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= max) return value;
  throw new LaunchError(
    'bad-setting',
    `${name} is "${text}", which is not a whole number from 0 to ${max}.`,
    `Set it like ${name}=${byDefault}, or leave it out.`,
  );
}
