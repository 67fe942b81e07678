/** In ms, 25 days. With more, Node's timers fire at once. */
export const LONGEST_TIMEOUT = 2 ** 31 - 1;
