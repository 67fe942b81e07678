import type { Served } from '../../service/module.ts';

/** Begins, drains and ends modules as the one service they are. @param served callers before those they call */
export function allOf(served: readonly Served[]): Omit<Served, 'routes'> {
  const lines = served.flatMap(({ work }) => work ?? []);
  const each = async (what: (one: Served) => Promise<void> | undefined) => {
    await Promise.all(served.map(async (one) => what(one)));
  };
  return {
    prepare: () => each(({ prepare }) => prepare?.()),
    work: {
      get running() {
        return lines.reduce((sum, { running }) => sum + running, 0);
      },
      async idle() {
        // In this order: who calls has no more to ask of those after it.
        for (const line of lines) await line.idle();
      },
    },
    leave: () => each(({ leave }) => leave?.()),
    release: () => each(({ release }) => release?.()),
  };
}
