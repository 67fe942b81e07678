import { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { CodedError } from '../errors.ts';
import type { SystemDoor } from '../system.ts';
import { allowedMethods } from './allowed-methods.ts';
import type { ApiApp } from './api-app.ts';
import { errorBody, toCoded } from './error-answer.ts';
import { requestBody } from './request-body.ts';
import { faultRoutes } from './routes/faults.ts';
import { historyRoutes } from './routes/history.ts';
import { labRoutes } from './routes/labs.ts';
import { liveRoutes } from './routes/live.ts';
import { measurementRoutes } from './routes/measurements.ts';
import { patternRoutes } from './routes/patterns.ts';
import { tellOthers } from './tell-others.ts';

/** The HTTP API. `onProblem` is told of errors that are ours. */
export function createApp(system: SystemDoor, onProblem: (error: unknown) => void): ApiApp {
  const app: ApiApp = new OpenAPIHono({
    defaultHook(result) {
      if (result.success) return;
      const issue = result.error.issues[0];
      const place = [result.target, ...(issue?.path ?? [])].join('.');
      throw new CodedError('invalid-request', `The request does not fit at ${place}: ${issue?.message ?? ''}.`, {
        cause: result.error,
      });
    },
  });
  app.use('/api/*', requestBody);
  app.use('/api/*', tellOthers(system));
  for (const routes of [liveRoutes, historyRoutes, measurementRoutes, patternRoutes, faultRoutes, labRoutes])
    routes(app, system);
  app.doc31('/api/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Breakwater',
      version: '1',
      description: 'Everything the page can do. Bodies may be JSON or YAML, at most 1 MB.',
    },
  });

  app.notFound((c) => {
    const methods = c.req.path === '/api/openapi.json' ? ['GET', 'HEAD'] : allowedMethods(app, c.req.path);
    if (methods.length === 0) throw new CodedError('unknown-path', `There is nothing at ${c.req.path}.`);
    c.header('allow', methods.join(', '));
    throw new CodedError('method-not-allowed', `${c.req.path} is not offered with ${c.req.method}.`);
  });
  app.onError((error, c) => {
    const coded = error instanceof HTTPException ? fromHono(error) : toCoded(error);
    if (coded.code === 'internal-error') onProblem(error);
    if (coded.code === 'body-too-large') c.header('connection', 'close'); // the rest of it is not read
    return c.json(errorBody(coded), coded.status as ContentfulStatusCode);
  });
  return app;
}

function fromHono(error: HTTPException): CodedError {
  return new CodedError('invalid-request', `The request cannot be read: ${error.message}.`, { cause: error });
}
