import { serveModule } from '../../service/serve-module.ts';
import { gateway } from './module.ts';

await serveModule('gateway', gateway);
