import { serveModule } from '../../service/serve-module.ts';
import { payments } from './module.ts';

await serveModule('payments', payments);
