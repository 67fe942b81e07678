// A web server as it would run in any container: it listens on a port, says whether it is ready, and drains when it is told to go.
import { createServer } from 'node:http';

const { GREETING = 'hello', POD = 'nobody' } = process.env;

const server = createServer((request, response) => {
  response.end(request.url === '/readyz' ? 'ok' : `${GREETING} from ${POD}\n`);
});

server.listen(8080, () => console.log('listening on 8080'));

process.on('SIGTERM', () => server.close(() => process.exit(0)));
