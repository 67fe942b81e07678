/**
 * None: recharts would put a move of the pointer off until the next frame, and show its values then, although the pointer
 * may have left the chart in between. Browsers tell moves once a frame anyway.
 */
export const THROTTLED_EVENTS = [] as const;
