/** What the kubelet knows about a container when it asks an image for its program. */
export interface ContainerContext {
  /** BREAKWATER_HOME, absolute. */
  home: string;
  /** The reference in the Pod: `breakwater/gateway:v1`. */
  image: string;
  /** `command` and `args` of the Pod's container, if given: they replace the image's entrypoint and its arguments. */
  command: string[] | undefined;
  args: string[] | undefined;
  /** The container's environment, resolved. */
  env: Record<string, string>;
  /** Paths as the container would see them, and the directories of this machine that stand for them. */
  mounts: { mountPath: string; directory: string }[];
  /** A directory that lives as long as the pod, for what a container would write into its own file system. */
  scratch: string;
  /** Bytes; null without a limit. */
  memoryLimit: number | null;
  /** node's arguments that put a Node program on the pod network. */
  nodeArguments: string[];
  /** A free loopback port for a native program to listen on. */
  freePort(): Promise<number>;
}

/** A container as a local process. */
export interface Program {
  command: string;
  args: string[];
  /** In addition to the container's own. */
  env: Record<string, string>;
  cwd: string;
  /** Whom to run as; absent is whoever runs the cluster. */
  user?: { uid: number; gid: number };
  /** Pod port -> port it really listens on, for programs that the pod network cannot reach into. */
  published: { podPort: number; realPort: number }[];
  /** What asks it to end (an image's STOPSIGNAL). */
  stopSignal: NodeJS.Signals;
}

export interface Image {
  /** As an event lists it: `postgres:*`. */
  name: string;
  /** Runs whatever program a manifest gives it: there only in a cluster that was started with permission for that. */
  runsAnyProgram?: true;
  matches(reference: ImageReference): boolean;
  program(context: ContainerContext): Promise<Program>;
}

export interface ImageReference {
  /** Without registry, `library/` and tag: `breakwater/gateway`, `postgres`. */
  repository: string;
  tag: string;
}

const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const REFERENCE = new RegExp(
  `^(?:[a-zA-Z0-9.-]+(?::[0-9]+)?/)?${COMPONENT}(?:/${COMPONENT})*(?::\\w[\\w.-]{0,127})?(?:@[a-z0-9]+:[0-9a-f]{32,})?$`,
);

/** Whether a text is a reference at all, by the grammar of the distribution project: repositories are in small letters. */
export function isReference(text: string): boolean {
  return REFERENCE.test(text);
}

/** Parts of a reference like `docker.io/library/postgres:18`; registry and digest do not matter here. */
export function parseReference(reference: string): ImageReference {
  const [named = ''] = reference.split('@');
  const path = named.split('/');
  // The first part is a registry when it looks like a host: that is Docker's own rule.
  if (path.length > 1 && /[.:]|^localhost$/.test(path[0]!)) path.shift();
  if (path.length === 2 && path[0] === 'library') path.shift();
  const [, repository = '', tag = 'latest'] = /^([^:]*)(?::(.*))?$/.exec(path.join('/')) ?? [];
  return { repository, tag };
}
