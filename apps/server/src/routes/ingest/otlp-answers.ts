import type { GatewayError } from '@app/protocol';
import { type Answer, type AnswerFormat, asJson, refusedAsOurs } from './answer.ts';
import { explainRejected } from './explain-rejected.ts';
import { writeBytesField, writeTextField, writeVarintField } from './write-protobuf.ts';

/**
 * Answers as OTLP/HTTP has them, https://opentelemetry.io/docs/specs/otlp/#otlphttp-response: an ExportTraceServiceResponse,
 * whose partial success is left out when nothing was refused, or a google.rpc.Status.
 */
export const otlpJsonAnswers: AnswerFormat = {
  taken: ({ rejected }) =>
    asJson(
      200,
      // int64 is a string in protobuf's JSON.
      rejected.length === 0
        ? {}
        : {
            partialSuccess: {
              rejectedSpans: String(rejected.length),
              errorMessage: explainRejected(rejected),
            },
          },
    ),
  refused: (error, requestId) => {
    const { status, headers } = refusedAsOurs(error, requestId);
    const info = {
      '@type': ERROR_INFO,
      reason: error.code,
      domain: DOMAIN,
      metadata: { request_id: requestId },
    };
    const body = JSON.stringify({ code: rpcCodeOf(error), message: error.message, details: [info] });
    return { status, headers, body };
  },
};

export const otlpProtobufAnswers: AnswerFormat = {
  taken: ({ rejected }) => {
    if (rejected.length === 0) return asProtobuf(200, {}, Buffer.alloc(0));
    const partial = Buffer.concat([
      writeVarintField(1, rejected.length),
      writeTextField(2, explainRejected(rejected)),
    ]);
    return asProtobuf(200, {}, writeBytesField(1, partial));
  },
  refused: (error, requestId) => {
    const { status, headers } = refusedAsOurs(error, requestId);
    const entry = Buffer.concat([writeTextField(1, 'request_id'), writeTextField(2, requestId)]);
    const info = Buffer.concat([
      writeTextField(1, error.code),
      writeTextField(2, DOMAIN),
      writeBytesField(3, entry),
    ]);
    const detail = Buffer.concat([writeTextField(1, ERROR_INFO), writeBytesField(2, info)]);
    const body = Buffer.concat([
      writeVarintField(1, rpcCodeOf(error)),
      writeTextField(2, error.message),
      writeBytesField(3, detail),
    ]);
    return asProtobuf(status, headers, body);
  },
};

const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';
const DOMAIN = 'tokenrouter';

function asProtobuf(status: number, headers: { [name: string]: string }, body: Buffer): Answer {
  return { status, headers: { ...headers, 'content-type': 'application/x-protobuf' }, body };
}

/** https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto, by HTTP status. */
const RPC_CODES: { [status: number]: number } = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  408: 4,
  413: 3,
  415: 3,
  429: 8,
  500: 13,
  503: 14,
  504: 4,
};

function rpcCodeOf({ status }: GatewayError): number {
  return RPC_CODES[status] ?? (status < 500 ? 3 : 13);
}
