import { z } from 'zod/v3';

/** A webhook that bucket notifications may name, by its ARN. */
export interface Webhook {
  arn: string;
  endpoint: string;
  authToken: string | undefined;
  /** Events that may wait for it; those beyond are dropped. */
  queueLimit: number;
}

export interface Settings {
  accessKey: string;
  secretKey: string;
  region: string;
  folder: string;
  port: number;
  webhooks: Webhook[];
  /** Bytes that all objects together may take. */
  mostBytes: number;
  /** Bytes of one object, or part of one, in one request. */
  mostBytesPerRequest: number;
}

const mebibyte = 2 ** 20;
const prefix = 'MINIO_NOTIFY_WEBHOOK_ENABLE_';
const whole = (least: number, most: number, usual: number) =>
  z.coerce.number().int().min(least).max(most).default(usual);
/** Names and usual values are MinIO's, but for OBJECT_STORE_..., which are bounds of this store alone. */
const variables = z.object({
  MINIO_ROOT_USER: z.string().min(3).default('minioadmin'),
  MINIO_ROOT_PASSWORD: z.string().min(8).default('minioadmin'),
  MINIO_SITE_REGION: z
    .string()
    .regex(/^[a-z0-9-]*$/)
    .default(''),
  OBJECT_STORE_PORT: whole(0, 65_535, 9_000),
  OBJECT_STORE_MIB: whole(1, 1_000_000, 1_024),
  OBJECT_STORE_REQUEST_MIB: whole(1, 5_120, 256),
});

/**
 * What the program is told: `server FOLDER`, and MinIO's variables.
 *
 * @throws an Error that names the variable or argument and what is wrong with it.
 */
export function readSettings(args: string[], environment: NodeJS.ProcessEnv): Settings {
  const [command, folder, ...more] = args;
  if (command !== 'server' || !folder || more.length > 0) {
    throw new Error(`object store: run it as \`server FOLDER\`; it was given \`${args.join(' ')}\`.`);
  }
  const { MINIO_SITE_REGION: region, ...read } = parse(variables, environment);
  return {
    accessKey: read.MINIO_ROOT_USER,
    secretKey: read.MINIO_ROOT_PASSWORD,
    region,
    folder,
    port: read.OBJECT_STORE_PORT,
    webhooks: Object.keys(environment)
      .filter((name) => name.startsWith(prefix) && environment[name] === 'on')
      .map((name) => webhook(name.slice(prefix.length), region, environment)),
    mostBytes: read.OBJECT_STORE_MIB * mebibyte,
    mostBytesPerRequest: read.OBJECT_STORE_REQUEST_MIB * mebibyte,
  };
}

function webhook(id: string, region: string, environment: NodeJS.ProcessEnv): Webhook {
  const names = { endpoint: `ENDPOINT_${id}`, authToken: `AUTH_TOKEN_${id}`, queueLimit: `QUEUE_LIMIT_${id}` };
  const of = (name: string) => `MINIO_NOTIFY_WEBHOOK_${name}`;
  const read = parse(
    z.object({
      [of(names.endpoint)]: z
        .string()
        .url()
        .regex(/^https?:/),
      [of(names.authToken)]: z.string().optional(),
      [of(names.queueLimit)]: whole(1, 1_000_000, 10_000),
    }),
    environment,
  );
  return {
    arn: `arn:minio:sqs:${region}:${id}:webhook`,
    endpoint: read[of(names.endpoint)] as string,
    authToken: read[of(names.authToken)] as string | undefined,
    queueLimit: read[of(names.queueLimit)] as number,
  };
}

function parse<T>(schema: z.ZodType<T, z.ZodTypeDef, unknown>, environment: NodeJS.ProcessEnv): T {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = schema.safeParse(set);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`object store: environment variable ${issue?.path.join('.')}: ${issue?.message}.`);
}
