import type { Module } from '../../service/module.ts';
import { auth } from '../auth/module.ts';
import { catalog } from '../catalog/module.ts';
import { inventory } from '../inventory/module.ts';
import { orders } from '../orders/module.ts';
import { payments } from '../payments/module.ts';
import { users } from '../users/module.ts';

/** What runs in the one process behind its door, the gateway: callers before those they call. */
export const modules: Record<string, Module> = { auth, users, catalog, orders, inventory, payments };
