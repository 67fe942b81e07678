export const GATEWAY = 'gateway';
/** The catalog as its caller sees it: the wait for a connection is part of it, the catalog itself never notices. */
export const CATALOG = 'gateway>catalog';
export const CHECKOUT = 'gateway POST /api/orders';
export const BANK = 'payments>bank';
