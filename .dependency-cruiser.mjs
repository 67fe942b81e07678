// The import arrows. Each rule says why; launch/import-arrows.test.ts shows that each of them bites.
//
//   app ──▶ components ──▶ server/contract (types) ◀── labs
//                                ▲                      ▲
//   launch                    server ───────────────────┘
//     │                          │
//     ▼                          ▼
//   cluster/embedded/reaper   cluster/{client,faults,kustomize}

/** Runs only for its author: tests and benchmarks may reach where the product may not. */
const tests = '\\.(test|bench|spec)\\.tsx?$|(^|/)testing/';

/** @param {string} name @param {string} comment @param {object} from @param {object} to */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** Modules of this repository that match none of the paths. */
const oursBut = (...paths) => ({
  path: '^(app|bench|cluster|components|e2e|labs|launch|scripts|server)/',
  pathNot: paths,
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    forbid(
      'no-cycles',
      'Two modules that need each other are one.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    forbid('no-unresolvable', 'A path that leads nowhere.', {}, { couldNotResolve: true }),
    forbid(
      'app',
      'Routes draw components; they hold nothing themselves.',
      { path: '^app/' },
      oursBut('^app/', '^components/', '^server/contract/', '^labs/catalogue\\.ts$'),
    ),
    forbid(
      'components',
      'What a page knows of the rest is the contract.',
      { path: '^components/', pathNot: tests },
      oursBut('^components/', '^server/contract/'),
    ),
    forbid(
      'contract-is-types',
      'The contract must not bring code of the server into a page.',
      { path: '^(app|components|labs)/' },
      { path: '^server/contract/', dependencyTypesNot: ['type-only'] },
    ),
    forbid('contract', 'The contract stands alone.', { path: '^server/contract/' }, oursBut('^server/contract/')),
    forbid(
      'server',
      'The server knows clusters through the Kubernetes API only.',
      { path: '^server/', pathNot: tests },
      oursBut('^server/', '^cluster/(client|faults|kustomize)/', '^cluster/disk-space\\.ts$', '^labs/'),
    ),
    forbid(
      'labs',
      'A lab is data and prose: it names what to check, the server checks it.',
      { path: '^labs/', pathNot: tests },
      oursBut('^labs/', '^server/contract/'),
    ),
    forbid('cluster', 'The cluster runs without the lab.', { path: '^cluster/', pathNot: tests }, oursBut('^cluster/')),
    forbid(
      'client',
      'The client speaks to any cluster: it knows none from inside.',
      { path: '^cluster/(client|faults|kustomize)/', pathNot: tests },
      { path: '^cluster/(embedded|shop)/', dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'controllers',
      'Controllers, node agents, scheduler and kubelet speak to the API, never to the store or the server behind it.',
      { path: '^cluster/embedded/(controllers|node-agents|scheduler|kubelet)/', pathNot: tests },
      { path: '^cluster/embedded/(store|apiserver)/', pathNot: '^cluster/embedded/apiserver/(api|api-error)\\.ts$' },
    ),
    forbid(
      'controllers-apart',
      'Nor to each other: what they share is in the API.',
      { path: '^cluster/embedded/(controllers|node-agents|scheduler|kubelet)/', pathNot: tests },
      { path: '^cluster/embedded/(controllers|node-agents|scheduler|kubelet)/', pathNot: '^cluster/embedded/$1/' },
    ),
    forbid(
      'store',
      'The store is the lowest layer.',
      { path: '^cluster/embedded/store/', pathNot: tests },
      oursBut('^cluster/embedded/(store|kinds)/', '^cluster/disk-space\\.ts$', '^cluster/embedded/apiserver/api\\.ts$'),
    ),
    forbid(
      'data-plane',
      'The data plane and what it preloads into services live in other processes.',
      { path: '^cluster/embedded/network/(data-plane|preload)/', pathNot: tests },
      oursBut('^cluster/(embedded/network|network-faults)/'),
    ),
    forbid(
      'network-faults',
      'What a fault does to a stream of bytes knows neither pods nor clusters.',
      { path: '^cluster/network-faults/', pathNot: tests },
      oursBut('^cluster/network-faults/'),
    ),
    forbid(
      'shop',
      "A service must run in a plain container: it has npm and the shop's own folders.",
      { path: '^cluster/shop/', pathNot: tests },
      oursBut('^cluster/shop/'),
    ),
    forbid(
      'services-apart',
      'Services share a network, not code; but for the monolith, which is made of their modules.',
      { path: '^cluster/shop/services/([^/]+)/', pathNot: [tests, '^cluster/shop/services/shop-monolith/'] },
      { path: '^cluster/shop/services/', pathNot: '^cluster/shop/services/$1/' },
    ),
    forbid(
      'modules-only',
      "The monolith takes a service's module as it is, and nothing of what is in it.",
      { path: '^cluster/shop/services/shop-monolith/', pathNot: tests },
      { path: '^cluster/shop/services/', pathNot: '^cluster/shop/services/(shop-monolith/|[^/]+/module\\.ts$)' },
    ),
    forbid(
      'launch',
      'What starts processes must start although they are broken.',
      { path: '^launch/' },
      oursBut(
        '^launch/',
        '^cluster/(disk-space|embedded/(reaper|kubelet/process-identity|testing/(small-disk|until)))\\.ts$',
      ),
    ),
    forbid('e2e', 'The journeys know the page and nothing of the code.', { path: '^e2e/' }, oursBut('^e2e/')),
    forbid(
      'nothing-needs-tests',
      'The product runs without its tests and tools.',
      { path: '^(app|cluster|components|labs|launch|server)/', pathNot: tests },
      { path: `^(bench|e2e|scripts)/|${tests}` },
    ),
    forbid(
      'no-dev-packages',
      'The product runs without development packages. What writes a file that is committed is no part of it.',
      { path: '^(app|cluster|components|labs|server)/', pathNot: [tests, '/generate\\.ts$'] },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|\\.breakwater|test-results)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'types', 'default'],
    },
  },
};
