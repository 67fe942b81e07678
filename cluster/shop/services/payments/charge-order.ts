import type { Database } from '../../service/database.ts';
import { mayPass } from './bank/charge-failure.ts';
import type { Charge } from './bank/charge.ts';
import type { ChargesDue } from './charges-due.ts';
import { findPayment, recordPayment, type Payment } from './payment-store.ts';

interface Steps {
  database: Database;
  chargeAtBank: (charge: Charge) => Promise<string>;
  due: ChargesDue;
  /** Whether a charge that the bank does not make is kept for later. */
  chargeLater: boolean;
}

/** A charge is made, or kept to be made later. */
export type ChargeState = Payment | { orderId: string; due: true };

/** Charging for orders, each once as far as payments knows. */
export function orderCharging({ database, chargeAtBank, due, chargeLater }: Steps) {
  /** What payments knows of the charge for an order; undefined for nothing. */
  async function stateOf(orderId: string): Promise<ChargeState | undefined> {
    const payment = await findPayment(database, orderId);
    if (payment) return payment;
    return (await due.has(orderId)) ? { orderId, due: true } : undefined;
  }

  return {
    stateOf,

    /**
     * Orders asks again for an order that it left behind: with `once`, what is known is not charged anew.
     *
     * @throws Failure of the bank's
     */
    async charge(charge: Charge, once: boolean): Promise<ChargeState> {
      const known = once ? await stateOf(charge.orderId) : undefined;
      if (known) return known;
      let bankCharge: string;
      try {
        bankCharge = await chargeAtBank(charge);
      } catch (error) {
        if (!chargeLater || !mayPass(error)) throw error;
        await due.keep(charge);
        return { orderId: charge.orderId, due: true };
      }
      return recordPayment(database, { ...charge, bankCharge });
    },
  };
}
