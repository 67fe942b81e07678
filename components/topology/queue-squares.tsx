import type { QueueView } from '../../server/contract/topology.ts';
import { count } from '../ui/quantity.ts';
import styles from './pool-slots.module.css';
import { messagesPerSquare, queueWords } from './queue-words.ts';

/** A queue: a square for each message that waits in it, or for each ten, hundred ... where they are many; and in words. */
export function QueueSquares({ name, queue }: { name: string; queue: QueueView | null }) {
  const words = queue ? queueWords(queue) : 'not reported';
  const depth = queue?.depth ?? 0;
  const per = messagesPerSquare(depth);
  return (
    <div className={styles.pool} role="group" aria-label={`Queue ${name}: ${words}`}>
      <b>
        {name} <small>queue{per > 1 && `, a square is ${count(per)} messages`}</small>
      </b>
      <span className={styles.words}>{words}</span>
      <span className={styles.queue} aria-hidden="true">
        {Array.from({ length: Math.ceil(depth / per) }, (_, i) => (
          <i key={i} />
        ))}
      </span>
    </div>
  );
}
