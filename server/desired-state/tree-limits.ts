/** What a desired state may hold: enough for hundreds of services, and no more than a moment's work to write out. */
export const maxFiles = 2_000;
export const maxBytes = 8 * 1024 * 1024;
