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
  /** The same in batch/v1. */
  batch(path: string): string;
}

/** One behaviour, as the documentation of Kubernetes promises it. */
export interface Case {
  /** `create: a name that exists is answered with 409`. Unique; differences.yaml refers to it. */
  name: string;
  run(world: World): Promise<void>;
}

/** Why a case cannot run on a cluster: it lacks something that is no part of Kubernetes itself. */
export class Skip extends Error {}

/** Ends a case that cannot run here. */
export function skip(reason: string): never {
  throw new Skip(reason);
}

/** The cases of one topic, each under a sentence. */
export function topic(title: string, sentences: Record<string, Case['run']>): Case[] {
  return Object.entries(sentences).map(([sentence, run]) => ({ name: `${title}: ${sentence}`, run }));
}
