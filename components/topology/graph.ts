import type { ElkEdgeSection, ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import type { EdgeView, ServiceView } from '../../server/contract/topology.ts';
import type { Curve, Point } from './curve.ts';

/** Size of a service's card in the graph's own units. */
export const CARD = { width: 138, height: 74 };

/** What of a topology decides where things are drawn: who is there and who calls whom. */
export interface Shape {
  services: readonly Pick<ServiceView, 'name'>[];
  edges: readonly Pick<EdgeView, 'id' | 'source' | 'destination' | 'protocol'>[];
}

export interface PlacedService extends Point {
  name: string;
}

export interface PlacedEdge {
  id: string;
  source: string;
  destination: string;
  curve: Curve;
}

export interface Placement {
  services: PlacedService[];
  edges: PlacedEdge[];
}

/** Two topologies with the same key are drawn in the same places. */
export function shapeOf(topology: Shape): string {
  return [...topology.services.map(({ name }) => name), ...topology.edges.map(({ id }) => id)].sort().join(' ');
}

/** Whether every service and every edge has its place already. */
export function covers(placement: Placement, { services, edges }: Shape): boolean {
  const placed = new Set([...placement.services.map(({ name }) => name), ...placement.edges.map(({ id }) => id)]);
  return services.every(({ name }) => placed.has(name)) && edges.every(({ id }) => placed.has(id));
}

/** Columns from left to right, every edge from the middle of a right side to the middle of a left one. */
export function toElkGraph(topology: Shape): ElkNode {
  const { services } = topology;
  const known = new Set(services.map(({ name }) => name));
  const edges = [...topology.edges, ...holdingEdges(topology)];
  return {
    id: 'shop',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.edgeRouting': 'SPLINES',
      'elk.layered.spacing.nodeNodeBetweenLayers': '50',
      'elk.layered.spacing.edgeNodeBetweenLayers': '24',
      // Two labels find room between two rows (edge-labels.ts).
      'elk.spacing.nodeNode': '64',
      'elk.spacing.edgeNode': '22',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      // A service stands next to its caller, not next to what it calls.
      'elk.layered.layering.strategy': 'LONGEST_PATH_SOURCE',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
    },
    children: services.map(({ name }) => ({
      id: name,
      ...CARD,
      layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
      ports: [port(name, 'in', 0, 'WEST'), port(name, 'out', CARD.width, 'EAST')],
    })),
    edges: edges
      .filter(({ source, destination }) => known.has(source) && known.has(destination))
      .map(({ id, source, destination, protocol }) => ({
        id,
        sources: [`${source}:out`],
        targets: [`${destination}:in`],
        // Calls between services are what the eye follows: they go straight before those to a database do.
        layoutOptions: { 'elk.layered.priority.straightness': protocol === 'http' ? '10' : '1' },
      })),
  };
}

/**
 * A service that nobody has called yet would float by itself. It is held beside the other callees of the busiest
 * caller by an edge that is laid out but not drawn.
 */
function holdingEdges({ services, edges }: Shape): Shape['edges'] {
  const calls = new Map<string, number>();
  for (const { source } of edges) calls.set(source, (calls.get(source) ?? 0) + 1);
  const busiest = [...calls].sort((a, b) => b[1] - a[1])[0]?.[0];
  if (busiest === undefined) return [];
  const ends = new Set(edges.flatMap(({ source, destination }) => [source, destination]));
  return services
    .filter(({ name }) => !ends.has(name))
    .map(({ name }) => ({ id: `${HOLDING}${name}`, source: busiest, destination: name, protocol: 'sql' }));
}

const HOLDING = 'holding ';

const port = (name: string, end: 'in' | 'out', x: number, side: 'WEST' | 'EAST') => ({
  id: `${name}:${end}`,
  x,
  y: CARD.height / 2,
  width: 0,
  height: 0,
  layoutOptions: { 'elk.port.side': side },
});

export function fromElkGraph(graph: ElkNode): Placement {
  return {
    services: (graph.children ?? []).map(({ id, x = 0, y = 0 }) => ({ name: id, x, y })),
    edges: (graph.edges ?? []).filter(({ id }) => !id.startsWith(HOLDING)).flatMap(placedEdge),
  };
}

function placedEdge({ id, sources, targets, sections }: ElkExtendedEdge): PlacedEdge[] {
  const section = sections?.[0];
  if (!section) return [];
  const service = (end: string | undefined) => end?.split(':')[0] ?? '';
  return [{ id, source: service(sources[0]), destination: service(targets[0]), curve: curveOf(section) }];
}

/**
 * ELK's splines list, between start and end, two control points and a joint in turn. A section with another number
 * of bend points is a chain of straight pieces.
 */
export function curveOf({ startPoint, bendPoints = [], endPoint }: ElkEdgeSection): Curve {
  const points = [startPoint, ...bendPoints, endPoint];
  const spline = points.length > 2 && (points.length - 1) % 3 === 0;
  const pieces: Curve = [];
  for (let i = 0; i + 1 < points.length; i += spline ? 3 : 1) {
    const from = points[i]!;
    const to = points[i + (spline ? 3 : 1)]!;
    pieces.push(spline ? [from, points[i + 1]!, points[i + 2]!, to] : [from, from, to, to]);
  }
  return pieces;
}
