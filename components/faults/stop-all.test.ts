import assert from 'node:assert/strict';
import { test } from 'node:test';
import { system } from '../state/frame-store.ts';
import type { SystemView } from '../state/frame-store.ts';
import { stopProof } from './stop-all.ts';

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
