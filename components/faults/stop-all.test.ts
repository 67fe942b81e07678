import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SystemView } from '../state/lab-store.ts';
import { createStore } from '../state/store.ts';
import { stopProofOf } from './stop-all.ts';

const system = createStore<SystemView | null>(null);
const stopProof = stopProofOf({ system });

const frame = (faultsBlocked: boolean) => system.set({ faultsBlocked } as SystemView);
const proof = { stopped: ['slow-1'], remaining: [], blocked: true };

test('a proof goes with its block, whoever released it', () => {
  frame(false);
  stopProof.set(proof);
  frame(true);
  assert.equal(stopProof.get(), proof);
  frame(false);
  assert.equal(stopProof.get(), null);
});

test('a proof that is ahead of the next frame stays', () => {
  frame(false);
  stopProof.set(proof);
  frame(false);
  assert.equal(stopProof.get(), proof);
});
