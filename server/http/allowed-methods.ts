import type { ApiApp } from './api-app.ts';

/** The methods that a path is offered with, for the Allow header; empty when there is no such path. */
export function allowedMethods(app: ApiApp, path: string): string[] {
  const methods = app.openAPIRegistry.definitions.flatMap((definition) => {
    if (definition.type !== 'route') return [];
    const pattern = new RegExp(`^${definition.route.path.replace(/\{[^}]+\}/g, '[^/]+')}$`);
    return pattern.test(path) ? [definition.route.method.toUpperCase()] : [];
  });
  if (methods.includes('GET')) methods.push('HEAD');
  return [...new Set(methods)].sort();
}
