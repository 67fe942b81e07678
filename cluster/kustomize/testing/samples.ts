/** Kustomizations a learner might write: path to content. The top one is kustomization.yaml. */
type Sample = Record<string, string>;

const web = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { tier: front } }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      initContainers: [{ name: init, image: 'nginx:1' }]
      containers:
        - name: a
          image: nginx
          envFrom: [{ configMapRef: { name: settings } }, { secretRef: { name: keys } }]
          env: [{ name: ONE, valueFrom: { configMapKeyRef: { name: settings, key: A } } }]
        - { name: b, image: 'registry:5000/app:2' }
        - { name: c, image: 'nginx@sha256:123' }
      volumes:
        - { name: v, configMap: { name: settings } }
        - { name: w, secret: { secretName: keys } }
        - { name: p, projected: { sources: [{ configMap: { name: settings } }] } }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`;

const others = `
apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: Namespace, metadata: { name: anything } }
  - { apiVersion: v1, kind: ServiceAccount, metadata: { name: sa }, imagePullSecrets: [{ name: keys }] }
  - apiVersion: rbac.authorization.k8s.io/v1
    kind: RoleBinding
    metadata: { name: binding }
    roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader }
    subjects:
      - { kind: ServiceAccount, name: sa }
      - { kind: ServiceAccount, name: sa, namespace: elsewhere }
      - { kind: ServiceAccount, name: default, namespace: elsewhere }
  - { apiVersion: example.com/v1, kind: Thing, metadata: { name: thing }, spec: { mode: 0644 } }
  - { apiVersion: v1, kind: Pod, metadata: { name: pod }, spec: { containers: [{ name: a, image: nginx }] } }
  - apiVersion: batch/v1
    kind: CronJob
    metadata: { name: nightly }
    spec: { jobTemplate: { spec: { template: { spec: { containers: [{ name: a, image: nginx }] } } } } }
  - apiVersion: apps/v1
    kind: StatefulSet
    metadata: { name: store }
    spec:
      volumeClaimTemplates: [{ metadata: { name: data } }]
      template:
        spec:
          topologySpreadConstraints: [{ labelSelector: { matchLabels: { a: b } } }]
          affinity:
            podAntiAffinity:
              requiredDuringSchedulingIgnoredDuringExecution:
                - { labelSelector: { matchLabels: { a: b } }, topologyKey: host }
  - apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: { name: policy }
    spec: { podSelector: { matchLabels: { a: b } }, ingress: [{ from: [{ podSelector: { matchLabels: { c: d } } }] }] }
`;

const generators = `
configMapGenerator:
  - name: settings
    literals: [A=1, 'B=x<y&z', "C='quoted'", D=, E=f=g]
    files: [note.txt, renamed=note.txt]
    envs: [some.env]
secretGenerator:
  - { name: keys, literals: [P=secret], files: [note.txt] }
`;
const generatorFiles = {
  'note.txt': `${'A line that is "long" enough for base64 to be broken, é. '.repeat(4)}\n`,
  'some.env': '# a comment\n\nF=1\n  G=two words\nH="kept"\n',
};

export const samples: Record<string, Sample> = {
  'generators, with hashed names and references to them': {
    'kustomization.yaml': `resources: [web.yaml]\nnamespace: prod\n${generators}`,
    'web.yaml': web,
    ...generatorFiles,
  },
  'generators that merge and replace, with labels and without hash': {
    'kustomization.yaml': `
resources: [below]
generatorOptions: { labels: { generated: 'true' }, annotations: { by: us } }
configMapGenerator: [{ name: settings, behavior: replace, literals: [X=1] }]
secretGenerator:
  - { name: keys, behavior: merge, literals: [X=1], type: example.com/keys }
  - { name: plain, literals: [X=1], options: { disableNameSuffixHash: true, immutable: true } }
`,
    'below/kustomization.yaml': `resources: [web.yaml]\n${generators}`,
    'below/web.yaml': web,
    'below/note.txt': generatorFiles['note.txt'],
    'below/some.env': generatorFiles['some.env'],
  },
  'labels, annotations and namespace on all kinds of objects': {
    'kustomization.yaml': `
resources: [web.yaml, others.yaml]
namespace: prod
labels:
  - { pairs: { plain: 'yes' } }
  - { pairs: { selecting: 'yes' }, includeSelectors: true }
  - { pairs: { templated: 'yes' }, includeTemplates: true }
commonLabels: { common: 'yes' }
commonAnnotations: { noted: 'yes' }
`,
    'web.yaml': web,
    'others.yaml': others,
  },
  'images and replicas': {
    'kustomization.yaml': `
resources: [web.yaml]
images:
  - { name: nginx, newTag: '9' }
  - { name: 'registry:5000/app', newName: other/app, digest: 'sha256:abc' }
replicas: [{ name: web, count: 5 }]
`,
    'web.yaml': web,
  },
  'strategic merge patches, inline and in files, one of them a deletion': {
    'kustomization.yaml': `
resources: [web.yaml]
patches:
  - path: patch.yaml
  - patch: |
      apiVersion: v1
      kind: Service
      metadata: { name: web }
      $patch: delete
`,
    'web.yaml': web,
    'patch.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { tier: null, added: 'yes' } }
spec:
  template:
    spec:
      containers:
        - { name: sidecar, image: 'sidecar:1' }
        - { name: a, env: [{ name: ONE, $patch: delete }, { name: TWO, value: '2' }], ports: [{ containerPort: 80 }] }
      volumes: [{ name: p, $patch: delete }]
`,
  },
  'JSON patches by label selector and by expressions': {
    'kustomization.yaml': `
resources: [web.yaml, others.yaml]
patches:
  - target: { kind: Deploy.*, labelSelector: 'tier in (front, back),!other' }
    patch: |
      - { op: add, path: /spec/template/spec/containers/0/env/-, value: { name: NEW, value: '1' } }
      - { op: remove, path: /spec/template/spec/containers/1 }
      - { op: replace, path: /spec/replicas, value: 3 }
  - target: { kind: Service|Pod, name: (web|pod), labelSelector: tier!=front }
    patch: '[{ "op": "add", "path": "/metadata/annotations", "value": { "touched": "yes" } }]'
  - target: { group: apps }
    patch: |
      apiVersion: v1
      kind: Any
      metadata: { name: any }
      spec: { minReadySeconds: 5 }
`,
    'web.yaml': web,
    'others.yaml': others,
  },
  'components that generate, merge and patch what is below them': {
    'kustomization.yaml': `resources: [web.yaml]\ncomponents: [extra]\nnamespace: prod\n${generators}`,
    'web.yaml': web,
    ...generatorFiles,
    'extra/kustomization.yaml': `
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources: [more.yaml]
configMapGenerator: [{ name: own, literals: [A=1] }]
patches:
  - { target: { kind: Deployment }, patch: '[{ "op": "add", "path": "/spec/paused", "value": true }]' }
`,
    'extra/more.yaml': '{ apiVersion: v1, kind: ConfigMap, metadata: { name: more }, data: { A: "1" } }',
  },
  'replacements from what is for this machine alone': {
    'kustomization.yaml': `
resources: [web.yaml]
components: [extra]
configMapGenerator:
  - name: numbers
    literals: [count=3, name=x]
    options: { annotations: { config.kubernetes.io/local-config: 'true' } }
  - name: kept
    literals: [count=3]
    options: { annotations: { config.kubernetes.io/local-config: 'false' } }
replacements:
  - source: { kind: Deployment, name: web }
    targets: [{ select: { kind: Deployment }, fieldPaths: ['metadata.annotations.example\\.com/of'] }]
`,
    'web.yaml': web.replace(
      'labels: { tier: front } }\nspec:',
      "labels: { tier: front }, annotations: { example.com/of: '' } }\nspec:\n  replicas: 1",
    ),
    'extra/kustomization.yaml': `
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
replacements:
  - source: { kind: ConfigMap, name: numbers, fieldPath: data.count }
    targets:
      - select: { kind: Deployment, name: web }
        fieldPaths:
          - spec.replicas
          - spec.template.spec.containers.1.image
          - spec.template.spec.containers.[name=a].env.[name=ONE].valueFrom.configMapKeyRef.key
      - { select: { kind: Service }, fieldPaths: ['spec.ports.*.port'] }
      - { select: { kind: Ingress }, fieldPaths: [spec.gone] }
      - { select: { kind: Deployment, name: web|other }, fieldPaths: [spec.template.spec.containers.0.image] }
`,
  },
};
