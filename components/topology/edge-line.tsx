'use client';
import { EdgeLabelRenderer } from '@xyflow/react';
import type { EdgeProps } from '@xyflow/react';
import { memo } from 'react';
import type { EdgeView } from '../../server/contract/topology.ts';
import { useFaultOn } from '../state/use-fault-on.ts';
import { useEdge, useMember } from '../state/use-system.ts';
import { useSelected } from '../state/view.ts';
import { VisuallyHidden } from '../ui/visually-hidden.tsx';
import { BreakerBadge } from './breaker-badge.tsx';
import { toPath, type Point } from './curve.ts';
import { describeEdge, edgeNotes, edgeTone } from './edge-notes.ts';
import type { PlacedEdge } from './graph.ts';
import styles from './edge-line.module.css';

/** An edge with the middle of its words. */
export type DrawnEdge = PlacedEdge & { label: Point | undefined };

/** One edge and what is to be said about it. Reads its own part of the state, as the cards do. */
export const EdgeLine = memo(function EdgeLine({ id, data }: EdgeProps) {
  const { destination, curve, label: at } = data as unknown as DrawnEdge;
  const edge = useEdge(id);
  const faulted = useFaultOn(id);
  const outside = useIsOutside(destination);
  const [selected, toggle] = useSelected(id);
  if (!edge || !at) return null;

  const notes = edgeNotes(edge);
  const path = toPath(curve);
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

/** Whether it is a third party: an edge does not render for what else changes of its callee. */
function useIsOutside(name: string): boolean {
  return (
    useMember('topology', ({ services }) =>
      services.some((service) => service.name === name && service.role === 'third-party'),
    ) ?? false
  );
}

/** Wider for more calls, by their logarithm; what goes to a database stays thin, in the background. */
function lineWidth({ protocol, rate }: EdgeView): number {
  return protocol === 'sql' ? 1.4 : 1.3 + Math.log10(1 + rate) * 1.1;
}
