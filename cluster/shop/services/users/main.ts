import { openDatabase, prepareDatabase } from '../../service/database.ts';
import { readEnvironment } from '../../service/environment.ts';
import { Failure } from '../../service/failure.ts';
import { serviceLog } from '../../service/log.ts';
import { serve } from '../../service/serve.ts';
import { findProfile, migration } from './profiles.ts';

const log = serviceLog('users');
const database = openDatabase(readEnvironment(), log);

serve({
  name: 'users',
  log,
  prepare: () => prepareDatabase(database, migration, log),
  release: () => database.end(),
  routes(routes) {
    routes.get('/users/:id', async (c) => {
      const profile = await findProfile(database, c.req.param('id'));
      if (!profile) throw new Failure(404, 'no-such-user', `There is no user ${c.req.param('id')}.`);
      return c.json(profile);
    });
  },
});
