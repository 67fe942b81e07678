import { deepEqual, ok, throws } from 'node:assert/strict';
import { describe, it } from 'node:test';
import protobuf from 'protobufjs/minimal.js';
import { kinds } from '../index.ts';
import { decodeProtobuf, hasProtobuf } from './decode.ts';

/** What kubectl 1.33 sends. */
const sent = {
  /** create deployment web --image=app:1 --replicas=0 --port=8080 */
  deployment:
    'azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50ErcBCh8KA3dlYhIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViEoUBCAASDAoKCgNhcHASA3dlYhprChwKABIA' +
    'GgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViEksSLQoDYXBwEgVhcHA6MSoAMgsKABAAGJA/IgAqAEIAagByAIABAIgBAJABAKIBABoAMgBCAEoAUgBYAGAAaACC' +
    'AQCKAQCaAQDCAQAiAgoAKAA4ABoMCAAQABgAIAAoADgAGgAiAA==',
  /** create service nodeport web --tcp=80:http --node-port=30001 */
  service:
    'azhzAAoNCgJ2MRIHU2VydmljZRJtCh8KA3dlYhIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViEkYKIAoHODAtaHR0cBIDVENQGFAiCggBEAAaBGh0dHAoseoB' +
    'EgoKA2FwcBIDd2ViGgAiCE5vZGVQb3J0OgBCAFIAWgBgAGgAGgIKABoAIgA=',
  /** create secret generic s --from-literal=password=sea */
  secret: 'azhzAAoMCgJ2MRIGU2VjcmV0EiYKEQoBcxIAGgAiACoAMgA4AEIAEg8KCHBhc3N3b3JkEgNzZWEaABoAIgA=',
  /** create configmap c --from-literal=a=b --from-file=bin=<00 ff 01> */
  configMap: 'azhzAAoPCgJ2MRIJQ29uZmlnTWFwEicKEQoBYxIAGgAiACoAMgA4AEIAEgYKAWESAWIaCgoDYmluEgMA/wEaACIA',
};
const read = (base64: string, type: string) => decodeProtobuf(Buffer.from(base64, 'base64'), type);
const unset = { creationTimestamp: null };

type Write = (writer: protobuf.Writer) => protobuf.Writer;
const message = (write: Write) => write(protobuf.Writer.create()).finish();
/** A field whose content is a message or text. */
const field =
  (number: number, content: Write | string): Write =>
  (writer) =>
    writer.uint32((number << 3) | 2).bytes(typeof content === 'string' ? Buffer.from(content) : message(content));
const number =
  (id: number, value: number): Write =>
  (writer) =>
    writer.uint32(id << 3).int64(value);
const all =
  (...writes: Write[]): Write =>
  (writer) =>
    writes.reduce((into, write) => write(into), writer);
const enveloped = (raw: Write, ...more: Write[]) =>
  Buffer.concat([Buffer.from('k8s\0'), message(all(field(2, raw), ...more))]);

describe("Kubernetes' protobuf", () => {
  it('is read as the JSON of the same object: a zero replica count is kept, what was not set is not there', () => {
    deepEqual(read(sent.deployment, 'io.k8s.api.apps.v1.Deployment'), {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', labels: { app: 'web' }, ...unset },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' }, ...unset },
          spec: { containers: [{ name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }], resources: {} }] },
        },
        strategy: {},
      },
      status: {},
    });
  });

  it('has numbers or texts where either is allowed', () => {
    const { spec } = read(sent.service, 'io.k8s.api.core.v1.Service') as { spec: object };
    deepEqual(spec, {
      type: 'NodePort',
      selector: { app: 'web' },
      ports: [{ name: '80-http', protocol: 'TCP', port: 80, targetPort: 'http', nodePort: 30001 }],
    });
    const port = field(1, all(number(3, 80), field(4, all(number(1, 0), number(2, 8080)))));
    deepEqual(decodeProtobuf(enveloped(field(2, port)), 'io.k8s.api.core.v1.Service'), {
      spec: { ports: [{ port: 80, targetPort: 8080 }] },
    });
  });

  it('keeps a zero that is a value, as none unavailable in a rolling update', () => {
    const zero = field(1, all(number(1, 0), number(2, 0)));
    const one = field(2, all(number(1, 0), number(2, 1)));
    const deployment = enveloped(field(2, field(4, field(2, all(zero, one)))));
    deepEqual(decodeProtobuf(deployment, 'io.k8s.api.apps.v1.Deployment'), {
      spec: { strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } },
    });
  });

  it('has bytes, which JSON writes in base64', () => {
    deepEqual(read(sent.secret, 'io.k8s.api.core.v1.Secret')['data'], { password: 'c2Vh' });
    const { data, binaryData } = read(sent.configMap, 'io.k8s.api.core.v1.ConfigMap');
    deepEqual({ data, binaryData }, { data: { a: 'b' }, binaryData: { bin: 'AP8B' } });
  });

  it('has times to the second, and to the microsecond', () => {
    const time = all(number(1, 1_700_000_000), number(2, 0));
    const micro = all(number(1, 1_700_000_000), number(2, 42_000));
    const lease = enveloped(all(field(1, field(8, time)), field(2, field(4, micro))));
    deepEqual(decodeProtobuf(lease, 'io.k8s.api.coordination.v1.Lease'), {
      metadata: { creationTimestamp: '2023-11-14T22:13:20Z' },
      spec: { renewTime: '2023-11-14T22:13:20.000042Z' },
    });
  });

  it('has quantities, and lists of numbers, packed or not', () => {
    const limit = field(1, all(field(1, 'memory'), field(2, field(1, '64Mi'))));
    const groups: Write = all(
      number(4, 1),
      field(4, (writer) => writer.int64(2).int64(3)),
    );
    const pod = enveloped(field(2, all(field(2, field(8, limit)), field(14, groups))));
    deepEqual(decodeProtobuf(pod, 'io.k8s.api.core.v1.Pod'), {
      spec: {
        containers: [{ resources: { limits: { memory: '64Mi' } } }],
        securityContext: { supplementalGroups: [1, 2, 3] },
      },
    });
  });

  it("shows the fields of an inlined message as its parent's own, an empty one too", () => {
    const volume = field(1, all(field(1, 'scratch'), field(2, field(2, all()))));
    const probe = field(
      2,
      field(10, all(field(1, field(3, field(1, all(number(1, 0), number(2, 80))))), number(2, 5))),
    );
    deepEqual(decodeProtobuf(enveloped(field(2, all(volume, probe))), 'io.k8s.api.core.v1.Pod'), {
      spec: {
        volumes: [{ name: 'scratch', emptyDir: {} }],
        containers: [{ livenessProbe: { tcpSocket: { port: 80 }, initialDelaySeconds: 5 } }],
      },
    });
  });

  it('passes over fields it does not know, as the API does', () => {
    deepEqual(decodeProtobuf(enveloped(all(field(90, 'new'), field(2, all()))), 'io.k8s.api.core.v1.Pod'), {
      spec: {},
    });
  });

  it('lets no key set a prototype', () => {
    const { data } = decodeProtobuf(
      enveloped(field(2, all(field(1, '__proto__'), field(2, 'x')))),
      'io.k8s.api.core.v1.ConfigMap',
    );
    deepEqual(Object.keys(data as object), ['__proto__']);
  });

  const broken: [string, Buffer, RegExp][] = [
    ['that is JSON', Buffer.from('{"kind":"Pod"}'), /does not begin with/],
    ['that is cut short', Buffer.from(sent.deployment, 'base64').subarray(0, 100), /out of range/],
    ['with a text for a number', enveloped(field(2, field(1, 'three'))), /int32 has wire type 2/],
    ['that nests without end', Buffer.concat([Buffer.from('k8s\0'), Buffer.alloc(1_000_000, 0x2b)]), /./],
    ['that is compressed', enveloped(all(), field(3, 'gzip')), /encoded as "gzip"/],
    ['with a time beyond all calendars', enveloped(field(1, field(8, number(1, 2 ** 52)))), /is no time/],
  ];
  for (const [title, bytes, message] of broken) {
    it(`is refused in a body ${title}`, () => {
      throws(() => decodeProtobuf(bytes, 'io.k8s.api.apps.v1.Deployment'), { code: 'ProtobufMalformed', message });
    });
  }

  it("is known of every kind that is Kubernetes' own", () => {
    for (const { model, types } of kinds) ok(hasProtobuf(model) === (types === undefined), model);
  });
});
