import { createHash, createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Script, UpstreamRequest } from './fake-upstream.ts';

export type FakeAwsSecrets = {
  script: Script;
  /** What `GetSecretValue` answers, by the secret's name. */
  secrets: Map<string, { SecretString: string } | { SecretBinary: string }>;
};

export type FakeAwsOptions = {
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
};

/**
 * Plays AWS Secrets Manager and checks every signature by its own arithmetic. Sources: AWS, "Create a signed AWS API
 * request" and the API reference of `GetSecretValue`.
 */
export function playsAwsSecrets(options: FakeAwsOptions): FakeAwsSecrets {
  const secrets: FakeAwsSecrets['secrets'] = new Map();
  const script: Script = (response, request) => {
    const fault = findAwsFault(request, options, AWS_SECRETS);
    if (fault !== undefined) return refuseAsAws(response, fault);
    const id = String(request.json?.SecretId);
    const secret = secrets.get(id);
    if (id === 'forbidden') return refuseAsAws(response, 'AccessDeniedException');
    if (secret === undefined) return refuseAsAws(response, 'ResourceNotFoundException');
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(
      JSON.stringify({
        ARN: `arn:aws:secretsmanager:${options.region}:1:secret:${id}`,
        Name: id,
        ...secret,
      }),
    );
  };
  return { script, secrets };
}

const SIGNED_HEADERS =
  /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/;

type AwsService = { service: string; targets: readonly string[] };

const AWS_SECRETS: AwsService = { service: 'secretsmanager', targets: ['secretsmanager.GetSecretValue'] };

/** What AWS would say of a request that is not signed as it must be; undefined when it is. */
export function findAwsFault(
  request: UpstreamRequest,
  options: FakeAwsOptions,
  { service, targets }: AwsService,
): string | undefined {
  const { method, path, headers, body } = request;
  if (!targets.includes(String(headers['x-amz-target']))) return 'UnknownOperationException';
  const [, credential = '', names = '', signature = ''] =
    SIGNED_HEADERS.exec(headers.authorization ?? '') ?? [];
  const date = String(headers['x-amz-date']);
  const scope = `${date.slice(0, 8)}/${options.region}/${service}/aws4_request`;
  if (credential !== `${options.accessKeyId}/${scope}`) return 'UnrecognizedClientException';
  if (headers['x-amz-security-token'] !== options.sessionToken) return 'ExpiredTokenException';
  const signed = names.split(';');
  // AWS wants the host and all of its own headers covered.
  const needed = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
  if (needed.some((name) => !signed.includes(name))) return 'IncompleteSignatureException';
  const canonical = [
    method,
    path,
    '',
    ...signed.map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    names,
    createHash('sha256').update(body).digest('hex'),
  ].join('\n');
  const digest = createHash('sha256').update(canonical).digest('hex');
  const text = ['AWS4-HMAC-SHA256', date, scope, digest].join('\n');
  const key = [service, 'aws4_request'].reduce(
    (inner, part) => hmac(inner, part),
    hmac(hmac(`AWS4${options.secretAccessKey}`, date.slice(0, 8)), options.region),
  );
  return hmac(key, text).toString('hex') === signature ? undefined : 'InvalidSignatureException';
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** An error as AWS words one. */
export function refuseAsAws(response: ServerResponse, type: string): void {
  const body = { __type: type, Message: 'User arn:aws:iam::1:user/canary-user is not authorized.' };
  response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
}
