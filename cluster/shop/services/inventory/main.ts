import { serveModule } from '../../service/serve-module.ts';
import { inventory } from './module.ts';

await serveModule('inventory', inventory);
