/** What is wrong with the environment: the message names the variable and what it should hold. */
export class EnvironmentError extends Error {
  readonly code = 'bad-environment';
}

/** Everything a service needs to know comes from here (twelve factors, III). An empty variable counts as absent. */
export interface Environment {
  /** @throws EnvironmentError when it is absent and there is no fallback. */
  text(name: string, fallback?: string): string;
  /** A whole number within bounds. */
  integer(name: string, bounds: { min: number; max: number; fallback?: number }): number;
  /** `true` or `false`. */
  flag(name: string, fallback?: boolean): boolean;
  oneOf<T extends string>(name: string, options: readonly T[], fallback?: T): T;
  /** An absolute http or https address, without a slash at its end. */
  url(name: string, fallback?: string): string;
}

export function readEnvironment(variables: Record<string, string | undefined> = process.env): Environment {
  function read<T>(name: string, fallback: T | undefined, wanted: string, parse: (value: string) => T | undefined): T {
    const value = variables[name];
    if (value === undefined || value === '') {
      if (fallback !== undefined) return fallback;
      throw new EnvironmentError(`Environment variable ${name} is not set; set it to ${wanted}.`);
    }
    const parsed = parse(value);
    if (parsed === undefined) {
      throw new EnvironmentError(`Environment variable ${name} is ${JSON.stringify(value)}; set it to ${wanted}.`);
    }
    return parsed;
  }

  return {
    text: (name, fallback) => read(name, fallback, 'some text', (value) => value),
    integer: (name, { min, max, fallback }) =>
      read(name, fallback, `a whole number from ${min} to ${max}`, (value) => {
        const number = Number(value);
        return Number.isInteger(number) && number >= min && number <= max ? number : undefined;
      }),
    flag: (name, fallback) =>
      read(name, fallback, 'true or false', (value) => ({ true: true, false: false })[value.toLowerCase()]),
    oneOf: (name, options, fallback) =>
      read(name, fallback, options.join(' or '), (value) => options.find((option) => option === value)),
    url: (name, fallback) =>
      read(name, fallback, 'an address such as http://bank:8080', (value) =>
        /^https?:\/\/[^/]/.test(value) && URL.canParse(value) ? value.replace(/\/+$/, '') : undefined,
      ),
  };
}
