import type { Api } from './api.ts';

/** What a case is given. */
export interface World {
  api: Api;
  /** A namespace of the case's own. */
  namespace: string;
  /** Path of the case's namespace in the core group, and of a resource in it: `core('pods/web')`. */
  core(path: string): string;
  /** The same in apps/v1. */
  apps(path: string): string;
}

/** One behaviour, as the documentation of Kubernetes promises it. */
export interface Case {
  /** `create: a name that exists is answered with 409`. Unique; differences.yaml refers to it. */
  name: string;
  run(world: World): Promise<void>;
}

/** The cases of one topic, each under a sentence. */
export function topic(title: string, sentences: Record<string, Case['run']>): Case[] {
  return Object.entries(sentences).map(([sentence, run]) => ({ name: `${title}: ${sentence}`, run }));
}
