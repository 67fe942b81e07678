import { badRelease } from './bad-release.ts';
import { brokerDown } from './broker-down.ts';
import { badConfigCommit } from './bad-config-commit.ts';
import { bankFailing } from './bank-failing.ts';
import { bankSlow } from './bank-slow.ts';
import { cpuHog } from './cpu-hog.ts';
import { diskFull } from './disk-full.ts';
import { dnsFailure } from './dns-failure.ts';
import { driftReplicas } from './drift-replicas.ts';
import { driftSetting } from './drift-setting.ts';
import { edgeBandwidth } from './edge-bandwidth.ts';
import { edgeHang } from './edge-hang.ts';
import { edgeLatency } from './edge-latency.ts';
import { edgeLoss } from './edge-loss.ts';
import { edgeReset } from './edge-reset.ts';
import { edgeSlowClose } from './edge-slow-close.ts';
import { expiredToken } from './expired-token.ts';
import { failingReadiness } from './failing-readiness.ts';
import type { FaultType } from './fault-type.ts';
import { greedyClient } from './greedy-client.ts';
import { httpDelay } from './http-delay.ts';
import { httpFailFirst } from './http-fail-first.ts';
import { httpStatus } from './http-status.ts';
import { logFlood } from './log-flood.ts';
import { memoryLeak } from './memory-leak.ts';
import { loadSpike } from './load-spike.ts';
import { messageFlood } from './message-flood.ts';
import { networkPartition } from './network-partition.ts';
import { nodeDown } from './node-down.ts';
import { nodeDrain } from './node-drain.ts';
import { podFreeze } from './pod-freeze.ts';
import { podKill } from './pod-kill.ts';
import { podKillRepeated } from './pod-kill-repeated.ts';
import { slowLogSink } from './slow-log-sink.ts';
import { slowStart } from './slow-start.ts';
import { retryStorm } from './retry-storm.ts';
import { serviceDown } from './service-down.ts';
import { poisonMessage } from './poison-message.ts';
import { slowConsumer } from './slow-consumer.ts';

/** Every type of fault there is, in the order the page lists them. */
export const faultTypes: readonly FaultType[] = [
  ...[bankSlow, bankFailing, serviceDown],
  ...[edgeLatency, edgeLoss, edgeBandwidth, edgeReset, edgeHang, networkPartition, edgeSlowClose, dnsFailure],
  ...[httpStatus, httpDelay, httpFailFirst],
  ...[poisonMessage, slowConsumer, messageFlood, brokerDown],
  ...[podKill, podKillRepeated, podFreeze, cpuHog, memoryLeak, slowStart, failingReadiness, badRelease, diskFull],
  ...[loadSpike, retryStorm, greedyClient],
  ...[nodeDown, nodeDrain, driftReplicas, driftSetting, badConfigCommit, expiredToken],
  ...[logFlood, slowLogSink],
];

export function faultTypeOf(id: string): FaultType | undefined {
  return faultTypes.find((type) => type.id === id);
}
