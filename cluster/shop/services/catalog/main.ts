import { serveModule } from '../../service/serve-module.ts';
import { catalog } from './module.ts';

await serveModule('catalog', catalog);
