'use client';
import { EdgeLabelRenderer } from '@xyflow/react';
import type { EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import type { EdgeView } from '../../server/contract/topology.ts';
import { useFaultOn } from '../state/use-fault-on.ts';
import { useEdge, useService } from '../state/use-system.ts';
import { useSelected } from '../state/view.ts';
import { VisuallyHidden } from '../ui/visually-hidden.tsx';
import { BreakerBadge } from './breaker-badge.tsx';
import { sample, toPath } from './curve.ts';
import { describeEdge, edgeNotes, edgeTone } from './edge-notes.ts';
import type { PlacedEdge } from './graph.ts';
import { CARD } from './graph.ts';
import styles from './edge-line.module.css';

/** One edge and what is to be said about it. Reads its own part of the state, as the cards do. */
export const EdgeLine = memo(function EdgeLine({ id, data }: EdgeProps) {
  const edge = useEdge(id);
  const faulted = useFaultOn(id);
  const outside = useService((data as unknown as PlacedEdge).destination)?.role === 'third-party';
  const [selected, toggle] = useSelected(id);
  const { curve } = data as unknown as PlacedEdge;
  if (!edge) return null;

  const notes = edgeNotes(edge);
  const path = toPath(curve);
  const at = labelPoint(curve);
  return (
    <>
      <g
        className={styles.edge}
        data-tone={edgeTone(edge)}
        data-protocol={edge.protocol}
        data-outside={outside}
        data-selected={selected}
      >
        <path className={styles.reach} d={path} onClick={toggle} />
        <path className={styles.line} d={path} strokeWidth={lineWidth(edge)} />
      </g>
      <EdgeLabelRenderer>
        <div className={styles.labels} style={{ transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y}px)` }}>
          {edge.breaker && <BreakerBadge edge={edge} breaker={edge.breaker} />}
          <button
            type="button"
            className={styles.chip}
            data-tone={edgeTone(edge)}
            data-quiet={notes.length === 0 && !faulted}
            aria-pressed={selected}
            onClick={toggle}
          >
            <VisuallyHidden>
              {describeEdge(edge)}
              {outside ? ', leaves the shop' : ''}
              {faulted ? ', fault active' : ''}
            </VisuallyHidden>
            <span aria-hidden="true">
              {faulted && <b className={styles.flag}>⚑ </b>}
              {notes.join(' · ')}
            </span>
          </button>
        </div>
      </EdgeLabelRenderer>
    </>
  );
});

/** Wider for more calls, by their logarithm; what goes to a database stays thin, in the background. */
function lineWidth({ protocol, rate }: EdgeView): number {
  return protocol === 'sql' ? 1.4 : 1.3 + Math.log10(1 + rate) * 1.1;
}

/**
 * Words stand between rows, for between columns is too little room: above the callee, below it where the edge comes up
 * to it. Only on an edge that passes a column they stand in its middle.
 */
function labelPoint(curve: PlacedEdge['curve']) {
  const middle = sample(curve, 3)[1] ?? { x: 0, y: 0 };
  const start = curve[0]?.[0] ?? middle;
  const end = curve.at(-1)?.[3] ?? middle;
  if (end.x - start.x > CARD.width) return middle;
  const rises = start.y - end.y > CARD.height / 2;
  const away = CARD.height / 2 + 22;
  return { x: (start.x + end.x) / 2, y: end.y + (rises ? away : -away) };
}
