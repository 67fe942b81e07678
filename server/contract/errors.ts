import { z } from '@hono/zod-openapi';

interface ErrorKind {
  status: number;
  /** What the caller can do about it. One sentence. */
  action: string;
}

/** Every code that a request can be answered with. The OpenAPI document lists them from here. */
export const errorKinds = {
  'access-code-needed': {
    status: 401,
    action: 'Open the URL that was printed where the lab was started, or send the code as a bearer token.',
  },
  'body-too-large': { status: 413, action: 'Send less; a request needs a few hundred bytes.' },
  'cluster-refused': { status: 502, action: 'Read the reason; kubectl shows the state of the cluster.' },
  'cluster-unreachable': {
    status: 503,
    action: 'Wait: the lab reconnects by itself; if it stays so, restart npm start.',
  },
  'desired-state-broken': {
    status: 500,
    action: 'Repair the file named, or move the folder away and restart for a new one.',
  },
  'disk-full': { status: 507, action: 'Free some space there, and try again.' },
  'dry-run-refused': {
    status: 422,
    action:
      'Correct the field that is named; where it is immutable, give the object another name. Nothing has changed.',
  },
  'fault-failed': { status: 502, action: 'See whether the target is running, then try again.' },
  'faults-blocked': { status: 409, action: 'Release the block with POST /api/faults/release first.' },
  'git-failed': { status: 502, action: 'Try again; the log of the lab server has more.' },
  'git-missing': { status: 501, action: 'Install git where the lab runs; switches and the page need none.' },
  'host-not-allowed': { status: 403, action: 'Use localhost, or list the name in BREAKWATER_HOSTS.' },
  'internal-error': { status: 500, action: 'See the log of the lab server, and try again.' },
  'invalid-request': { status: 422, action: 'Compare the request with /api/openapi.json.' },
  'lab-refused': { status: 409, action: 'Follow the lab: do what its current step asks for.' },
  'malformed-json': { status: 400, action: 'Send valid JSON.' },
  'malformed-telemetry': { status: 400, action: 'Send an OTLP export request as protobuf or JSON.' },
  'malformed-yaml': { status: 400, action: 'Send valid YAML.' },
  'method-not-allowed': { status: 405, action: 'Use one of the methods in the Allow header.' },
  'no-lab-running': { status: 409, action: 'Start the lab with POST /api/labs/{id}/start.' },
  'option-unavailable': {
    status: 409,
    action: 'Choose another option, or run the lab on a cluster that pulls images.',
  },
  'origin-not-allowed': { status: 403, action: 'Send the request from a page of this lab.' },
  'out-of-range': { status: 422, action: 'Choose a value within the bounds given.' },
  'policy-violated': {
    status: 422,
    action: 'Change what is named, or switch the policy check off; GET /api/policies says why each policy is there.',
  },
  'revert-conflict': { status: 409, action: 'Revert it by hand: clone the desired state, run git revert, and push.' },
  starting: { status: 503, action: 'Wait a second and try again.' },
  'too-busy': { status: 503, action: 'Read the answers that were asked for, and try again a second later.' },
  'too-many-faults': { status: 409, action: 'Stop a fault first.' },
  'too-many-switches': { status: 503, action: 'Wait for the switches that are under way.' },
  'unknown-commit': { status: 404, action: 'Choose one from GET /api/commits.' },
  'unknown-fault': { status: 404, action: 'Choose one of GET /api/faults.' },
  'unknown-fault-kind': { status: 422, action: 'Choose one of GET /api/faults/catalogue.' },
  'unknown-lab': { status: 404, action: 'Choose one of GET /api/labs.' },
  'unknown-option': { status: 422, action: 'Choose one of the options in GET /api/patterns.' },
  'unknown-parameter': { status: 422, action: 'Use the parameters in GET /api/faults/catalogue.' },
  'unknown-path': { status: 404, action: 'See /api/openapi.json for the paths there are.' },
  'unknown-pattern': { status: 404, action: 'Choose one of GET /api/patterns.' },
  'unknown-scope': { status: 404, action: 'Choose one of those named; scopes are kept for 15 minutes.' },
  'unknown-target': { status: 422, action: 'Choose one of the targets in GET /api/faults/catalogue.' },
  'unknown-trace': { status: 404, action: 'Choose one of GET /api/traces; traces are kept for 15 minutes.' },
  'unsupported-media-type': { status: 415, action: 'Send application/json or application/yaml.' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

const codes = Object.entries(errorKinds).map(([code, { status, action }]) => `- \`${code}\` (${status}): ${action}`);

/** What every failed request answers, and what the page shows: what happened, and what to do about it. */
export const errorSchema = z
  .object({
    error: z.object({
      code: z.string().describe(`Stable and in kebab case, for programs. One of:\n${codes.join('\n')}`),
      message: z.string().describe('What happened, and where. One sentence.'),
      action: z.string().describe('What to do about it. One sentence.'),
    }),
  })
  .openapi('Error');
export type ErrorBody = z.infer<typeof errorSchema>;
