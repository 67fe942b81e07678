'use client';
import '@xyflow/react/dist/base.css';
import { Controls, ReactFlow, ReactFlowProvider, useReactFlow, useStore as useFlowStore } from '@xyflow/react';
import type { Edge, Node } from '@xyflow/react';
import { useEffect, useMemo } from 'react';
import { useCommands } from '../commands/command.ts';
import { useMember } from '../state/use-system.ts';
import { placeLabels, type Adorned, type Box } from './edge-labels.ts';
import { EdgeLine, type DrawnEdge } from './edge-line.tsx';
import { CARD } from './graph.ts';
import type { Placement } from './graph.ts';
import { ServiceCard } from './service-card.tsx';
import { TrafficDots } from './traffic-dots.tsx';
import styles from './topology.module.css';

const nodeTypes = { service: ServiceCard };
const edgeTypes = { call: EdgeLine };
const FIT = { padding: { top: '44px', right: '22px', bottom: '34px', left: '22px' }, maxZoom: 1.3 } as const;

/** The live drawing. React Flow holds the places; what a card or an edge says it reads from the state itself. */
export function TopologyGraph({ placement }: { placement: Placement }) {
  return (
    <ReactFlowProvider>
      <Drawing placement={placement} />
    </ReactFlowProvider>
  );
}

function Drawing({ placement }: { placement: Placement }) {
  const nodes = useMemo<Node[]>(
    () =>
      placement.services.map(({ name, x, y }) => ({
        id: name,
        type: 'service',
        position: { x, y },
        data: {},
        ...CARD,
      })),
    [placement],
  );
  const labels = useLabels(placement);
  const edges = useMemo<Edge[]>(
    () =>
      placement.edges.map((edge) => ({
        id: edge.id,
        type: 'call',
        source: edge.source,
        target: edge.destination,
        data: { ...edge, label: labels.get(edge.id) } satisfies DrawnEdge,
      })),
    [placement, labels],
  );
  return (
    <ReactFlow
      className={styles.graph}
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={false}
      zoomOnScroll={false}
      zoomOnDoubleClick={false}
      preventScrolling={false}
      disableKeyboardA11y
      minZoom={0.25}
      maxZoom={2}
      fitView
      fitViewOptions={FIT}
    >
      <TrafficDots edges={placement.edges} />
      <Controls showInteractive={false} fitViewOptions={FIT} className={styles.controls} />
      <KeepFitted placement={placement} />
    </ReactFlow>
  );
}

/** Where the words of each edge stand: placed anew when the shape is another, or a breaker came or went. */
function useLabels(placement: Placement): Map<string, Box> {
  const adorned = useMember('topology', ({ services, edges }) =>
    JSON.stringify({
      breakers: edges.filter(({ breaker }) => breaker).map(({ id }) => id),
      outside: services.filter(({ role }) => role === 'third-party').map(({ name }) => name),
    } satisfies Adorned),
  );
  return useMemo(() => {
    return placeLabels(placement, adorned ? (JSON.parse(adorned) as Adorned) : { breakers: [], outside: [] });
  }, [placement, adorned]);
}

/** Fits the drawing again when its room or its shape changes, or when asked to. */
function KeepFitted({ placement }: { placement: Placement }) {
  const { fitView, zoomIn, zoomOut } = useReactFlow();
  const width = useFlowStore((state) => state.width);
  const height = useFlowStore((state) => state.height);
  useEffect(() => {
    if (width > 0 && height > 0) void fitView(FIT);
  }, [fitView, width, height, placement]);
  useCommands([
    { id: 'zoom-fit', label: 'Show the whole drawing', group: 'Topology', keys: '0', run: () => void fitView(FIT) },
    { id: 'zoom-in', label: 'Zoom in', group: 'Topology', keys: '[Shift]++', run: () => void zoomIn() },
    { id: 'zoom-out', label: 'Zoom out', group: 'Topology', keys: '-', run: () => void zoomOut() },
  ]);
  return null;
}
