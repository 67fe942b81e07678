/** What customers meet, wherever in the shop it comes from. */
export const CUSTOMER = 'customer';
/** The catalog as its caller sees it: the wait for a connection is part of it, the catalog itself never notices. */
export const CATALOG = 'gateway>catalog';
export const CHECKOUT = 'customer POST /api/orders';
export const BANK = 'payments>bank';
