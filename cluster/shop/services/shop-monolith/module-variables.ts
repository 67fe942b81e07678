type Variables = Record<string, string | undefined>;

/** What a module reads of the environment: its own `ORDERS__MAX_CONCURRENT` stands for `MAX_CONCURRENT`, before what is there for all. */
export function variablesOf(module: string, all: Variables = process.env): Variables {
  const prefix = `${module.toUpperCase().replaceAll('-', '_')}__`;
  const own = Object.entries(all)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length), value]);
  return { ...all, ...(Object.fromEntries(own) as Variables) };
}
