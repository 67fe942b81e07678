import type { Api } from '../apiserver/api.ts';
import type { KindName } from '../kinds/types.ts';
import { ownershipWatches } from './claim.ts';
import { keyOf, startController, type KeysOf, type Running, type Watches } from './controller.ts';
import { startEventRecorder, type EventRecorder } from './events.ts';

/** All that a reconcile works with. */
export interface Context {
  api: Api;
  events: EventRecorder;
  /** Unix time in ms. */
  now: () => number;
}

/** A controller in the manner of controller-runtime's builder. */
export interface ControllerDefinition {
  /** As the log and, with `-controller` behind it, the Events name it. */
  name: string;
  /** The kind whose objects it brings to what they ask for; their `namespace/name` are its keys. */
  for: KindName;
  /** Kinds of objects it makes, adopts and releases: a change of one concerns its controller, or whoever would adopt it. */
  owns?: KindName[];
  /** What else concerns its objects. Called once at a start, so that it may keep in mind what it has seen. */
  maps?: (api: Api) => Watches;
  /** Answers after how many ms it wants to look again; it may be called at any time, and with nothing to do it writes nothing. */
  reconcile: (context: Context, key: string) => Promise<number | void>;
}

/** What starts a controller. */
export type StartController = (services: { api: Api; now?: () => number }) => Running;

export function defineController(definition: ControllerDefinition): StartController {
  return ({ now = Date.now, ...services }) => {
    const { name, owns = [], maps, reconcile } = definition;
    const api = services.api.as(`system:serviceaccount:kube-system:${name}-controller`, 'kube-controller-manager');
    const events = startEventRecorder(api, `${name}-controller`);
    const context = { api, events, now };
    return startController(api, {
      name,
      watch: together([
        owns.length > 0 ? ownershipWatches(definition.for, owns) : { [definition.for]: keyOf },
        maps?.(api) ?? {},
      ]),
      reconcile: (key) => reconcile(context, key),
    });
  };
}

/** One watch for each kind, however many want to hear of it. */
function together(parts: Watches[]): Watches {
  const all = new Map<string, KeysOf<never>[]>();
  for (const part of parts) {
    for (const [kind, keysOf] of Object.entries(part)) {
      all.set(kind, [...(all.get(kind) ?? []), keysOf as KeysOf<never>]);
    }
  }
  return Object.fromEntries(
    [...all].map(([kind, keysOf]): [string, KeysOf<never>] => [
      kind,
      (object, type) => keysOf.flatMap((one) => one(object, type) ?? []),
    ]),
  );
}
