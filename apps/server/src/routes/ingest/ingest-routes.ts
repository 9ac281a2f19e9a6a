import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createBodyRoom } from '../../http/body-room.ts';
import { createKeyTurns } from '../../ingest/create-key-turns.ts';
import type { Answer } from './answer.ts';
import { asJson, refusedAsOurs } from './answer.ts';
import { type Accepted, type BatchRouteDeps, createBatchRoute, secretOf } from './create-batch-route.ts';
import { langfuseAnswers, langfuseScoreAnswers } from './langfuse-answers.ts';
import { otlpJsonAnswers, otlpProtobufAnswers } from './otlp-answers.ts';
import { ownAnswers } from './own-answers.ts';

export type IngestRoutesDeps = Omit<BatchRouteDeps, 'room' | 'turns'> & {
  /** Of all bodies that are read or wait. */
  inFlightBytesMax: number;
  version: string;
};

const JSON_TYPE = 'application/json';

const otlp: Accepted = {
  [JSON_TYPE]: { wire: 'otlp-json', format: otlpJsonAnswers },
  'application/x-protobuf': { wire: 'otlp-protobuf', format: otlpProtobufAnswers },
  // What some older exporters call it.
  'application/protobuf': { wire: 'otlp-protobuf', format: otlpProtobufAnswers },
};

/** Every address to which batches are sent, by what it takes. */
const BATCH_ROUTES: { [path: string]: Accepted } = {
  '/v1/traces': otlp,
  '/api/public/otel/v1/traces': otlp,
  '/v1/ingest': { [JSON_TYPE]: { wire: 'own', format: ownAnswers } },
  '/api/public/ingestion': { [JSON_TYPE]: { wire: 'langfuse', format: langfuseAnswers } },
  '/api/public/scores': { [JSON_TYPE]: { wire: 'langfuse-score', format: langfuseScoreAnswers } },
};

/**
 * Where spans are sent to: OpenTelemetry's address, that of our own SDKs, and those of Langfuse's. Nothing here reads what
 * was stored.
 */
export function ingestRoutes(deps: IngestRoutesDeps): (app: FastifyInstance) => void {
  return (app) => {
    const room = createBodyRoom(deps.inFlightBytesMax);
    const turns = createKeyTurns();
    // Bodies are read after the key, by the routes themselves.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    for (const [path, accepted] of Object.entries(BATCH_ROUTES))
      app.post(path, createBatchRoute({ ...deps, room, turns }, accepted));
    app.get(
      '/v1/ping',
      told(deps, () => asJson(200, { ok: true })),
    );
    app.get('/api/public/health', async () => ({ status: 'OK', version: deps.version }));
    app.get(
      '/api/public/projects',
      told(deps, () => asJson(200, { data: [NAMELESS] })),
    );
    app.post(
      '/api/public/media',
      told(deps, (request) => asJson(200, mediaOf(request))),
    );
    app.patch(
      '/api/public/media/:id',
      told(deps, () => asJson(200, {})),
    );
  };
}

/** All that a key which reads nothing may know of its project, in the shape that Langfuse's SDKs look for to see that a key is good. */
const NAMELESS = {
  id: 'write-only',
  name: 'write-only',
  metadata: {},
  organization: { id: 'write-only', name: 'write-only' },
};

/** Media that stands beside spans is not kept: without an address to upload to, SDKs go on. */
function mediaOf({ id }: FastifyRequest): object {
  return { mediaId: createHash('sha256').update(id).digest('base64url').slice(0, 22), uploadUrl: null };
}

/** Answers whoever may send spans. */
function told(deps: IngestRoutesDeps, answer: (request: FastifyRequest) => Answer) {
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const { raw, ip } = request;
    const found = deps.authenticate(secretOf(raw.headers), { permission: 'traces:write', ip });
    const refusal = found.ok ? deps.rates.admit(found.value) : found.error;
    if (found.ok) deps.noteUse?.(found.value.keyId, ip);
    const { status, headers, body } = refusal ? refusedAsOurs(refusal, request.id) : answer(request);
    void reply.code(status).headers(headers).send(body);
  };
}
