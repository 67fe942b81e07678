'use client';
import { useStoreApi } from '@xyflow/react';
import { useEffect, useMemo, useRef } from 'react';
import { useLabStore } from '../state/lab-store-context.ts';
import { sample } from './curve.ts';
import type { Point } from './curve.ts';
import type { PlacedEdge } from './graph.ts';
import { advance, still } from './particles.ts';
import type { Particle, Stream } from './particles.ts';
import styles from './topology.module.css';

/** Points each edge's curve is cut into; a dot jumps from one to the next. */
const SAMPLES = 90;
/** Milliseconds between drawings: thirty a second are smooth and cost half of sixty. */
const FRAME = 33;

type View = readonly [x: number, y: number, zoom: number];

/** All moving dots on one canvas: one animation frame for the whole graph, no work for React. */
export function TrafficDots({ edges }: { edges: PlacedEdge[] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { system } = useLabStore();
  const flow = useStoreApi();
  const tracks = useMemo(() => edges.map(({ id, curve }) => ({ id, points: sample(curve, SAMPLES) })), [edges]);

  useEffect(() => {
    const surface = canvas.current;
    const context = surface?.getContext('2d');
    if (!surface || !context) return;
    const calm = window.matchMedia('(prefers-reduced-motion: reduce)');
    const streams = new Map<string, Stream>();
    let last = performance.now();
    let request = 0;

    const draw = (now: number) => {
      request = requestAnimationFrame(draw);
      const elapsed = now - last;
      if (elapsed < (calm.matches ? 1000 : FRAME)) return;
      last = now;
      const { width, height, transform } = flow.getState();
      fit(surface, width, height);
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      context.clearRect(0, 0, width, height);
      const colours = readColours(surface);
      const edgesNow = new Map(system.get()?.topology?.edges.map((edge) => [edge.id, edge]));
      for (const { id, points } of tracks) {
        const edge = edgesNow.get(id);
        if (!edge) continue;
        const stream = streams.get(id) ?? { particles: [], due: 0.9 };
        streams.set(id, stream);
        if (calm.matches) stream.particles = still(edge);
        else advance(stream, edge, Math.min(elapsed, 250) / 1000);
        for (const particle of stream.particles)
          drawDot(context, particle, points, transform, edge.protocol === 'sql' ? 2.2 : 3.4, colours);
      }
    };
    request = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(request);
  }, [system, flow, tracks]);

  return <canvas ref={canvas} className={styles.dots} aria-hidden="true" />;
}

function fit(surface: HTMLCanvasElement, width: number, height: number) {
  const [w, h] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
  if (surface.width === w && surface.height === h) return;
  surface.width = w;
  surface.height = h;
}

/** The theme's colours, resolved: `color` and `outline-color` of the canvas are set to them in the style sheet. */
function readColours(surface: HTMLCanvasElement) {
  const style = getComputedStyle(surface);
  return { passed: style.color, failed: style.outlineColor };
}

/** A call that passes is a dot, one that fails a cross. */
function drawDot(
  context: CanvasRenderingContext2D,
  { at, failed }: Particle,
  points: readonly Point[],
  [x, y, zoom]: View,
  radius: number,
  colours: { passed: string; failed: string },
) {
  const point = points[Math.round(at * (points.length - 1))];
  if (!point) return;
  const [cx, cy, r] = [point.x * zoom + x, point.y * zoom + y, radius * Math.max(0.75, zoom)];
  context.beginPath();
  if (failed) {
    context.lineWidth = 2.4;
    context.strokeStyle = colours.failed;
    context.moveTo(cx - r, cy - r);
    context.lineTo(cx + r, cy + r);
    context.moveTo(cx + r, cy - r);
    context.lineTo(cx - r, cy + r);
    context.stroke();
  } else {
    context.fillStyle = colours.passed;
    context.arc(cx, cy, r, 0, Math.PI * 2);
    context.fill();
  }
}
