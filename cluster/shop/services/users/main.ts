import { serveModule } from '../../service/serve-module.ts';
import { users } from './module.ts';

await serveModule('users', users);
