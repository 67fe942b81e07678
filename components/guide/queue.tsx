'use client';
import { useService } from '../state/use-system.ts';
import { QueueSquares } from '../topology/queue-squares.tsx';

/** A queue by its broker and its name: `rabbitmq>payments`. */
export function Queue({ of }: { of: string }) {
  const [broker = '', name = ''] = of.split('>');
  const queue = useService(broker)?.queues.find((each) => each.name === name);
  return <QueueSquares name={name} queue={queue ?? null} />;
}
