/** google.rpc.Code of the answers we give. */
const RPC_CODE = { 400: 3, 404: 5, 405: 12, 413: 8, 415: 3, 500: 13, 503: 14 } as const;

export type OtlpErrorCode =
  | 'malformed-protobuf'
  | 'malformed-json'
  | 'malformed-gzip'
  | 'body-too-large'
  | 'body-incomplete'
  | 'unsupported-content-type'
  | 'unsupported-content-encoding'
  | 'method-not-allowed'
  | 'unknown-path'
  | 'busy'
  | 'internal';

/** A request that was refused whole: nothing of it was taken in. */
export class OtlpError extends Error {
  readonly code: OtlpErrorCode;
  /** HTTP status. But for 503 (busy), none of them is one that OTLP exporters retry, since the same bytes would fail again. */
  readonly status: keyof typeof RPC_CODE;

  constructor(code: OtlpErrorCode, status: keyof typeof RPC_CODE, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OtlpError';
    this.code = code;
    this.status = status;
  }

  /** The code that google.rpc.Status carries. */
  get rpcCode(): number {
    return RPC_CODE[this.status];
  }
}
