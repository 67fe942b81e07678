import { serveModule } from '../../service/serve-module.ts';
import { auth } from './module.ts';

await serveModule('auth', auth);
