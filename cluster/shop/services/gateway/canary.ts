import { createHash } from 'node:crypto';

/** 0 to 99: the same for a customer at any time and in any gateway, and even over many of them. */
function bucketOf(customer: string): number {
  return createHash('sha256').update(customer).digest().readUInt32BE() % 100;
}

/** The canary's part of the customers: who is in it stays in it as the weight grows. */
export function inCanary(customer: string, percent: number): boolean {
  return bucketOf(customer) < percent;
}
