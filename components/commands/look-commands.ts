import type { Topology } from '../../server/contract/topology.ts';
import { setView } from '../state/view.ts';
import { edgeName } from '../topology/edge-notes.ts';
import type { Command } from './command.ts';

/** Selects a service or an edge of the drawing, and shows all there is to know of it. */
export function lookCommands({ services, edges }: Topology): Command[] {
  const look = (id: string, name: string): Command => ({
    id: `look-${id}`,
    label: `Look into ${name}`,
    group: 'Topology',
    words: ['inspect select'],
    run: () => setView({ select: id, tab: 'inspect' }),
  });
  return [...services.map(({ name }) => look(name, name)), ...edges.map((edge) => look(edge.id, edgeName(edge)))];
}
