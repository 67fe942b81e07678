/**
 * How Node is to run the cluster process and the lab server. Both leave much that is short-lived, for which V8's young generation
 * would grow to three times 16 MB: each has a smaller one, in MB.
 */
export const clusterArguments = ['--max-semi-space-size=1'];

/** Growth in percent of what lives: V8 else lets a heap of this size double before it looks for what can go, with 30 MB of a start in it. */
export const labServerArguments = ['--max-semi-space-size=4', '--heap-growing-percent=30'];
