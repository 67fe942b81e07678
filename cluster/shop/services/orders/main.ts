import { serveModule } from '../../service/serve-module.ts';
import { orders } from './module.ts';

await serveModule('orders', orders);
