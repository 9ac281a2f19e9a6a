import aws4 from 'aws4';
import type { AwsAuth } from '../provider.ts';

/** What a signature covers. `path` is the whole path of the request line, encoded as it is sent. */
export type SignedRequest = {
  method: string;
  /** With the port where it is not the scheme's own, as the `host` header has it. */
  host: string;
  path: string;
  /** Absent for a request without a body. */
  contentType: string | undefined;
  /** Other headers that are covered, by lower-case names: those that begin with `x-amz-`. */
  headers?: { readonly [name: string]: string };
  body: string | Uint8Array;
  /** Epoch milliseconds. AWS refuses a signature whose time is five minutes off. */
  atMs: number;
};

/**
 * The headers of AWS Signature Version 4: `authorization`, `x-amz-date` and, for temporary credentials, the session
 * token. The body is part of what is signed. Source: AWS, "Create a signed AWS API request".
 */
export function signAws(auth: AwsAuth, request: SignedRequest): { [name: string]: string } {
  const { method, host, path, contentType, body, atMs } = request;
  const date = new Date(atMs).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const own: { [name: string]: string } = { 'x-amz-date': date };
  if (auth.sessionToken !== undefined) own['x-amz-security-token'] = auth.sessionToken.reveal();
  const signer = new aws4.RequestSigner(
    {
      method,
      host,
      path,
      body: typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.length),
      service: auth.service,
      region: auth.region,
      headers: { host, ...(contentType && { 'content-type': contentType }), ...request.headers, ...own },
      // Otherwise it adds a length, which the connection writes itself.
      doNotModifyHeaders: true,
    },
    { accessKeyId: auth.accessKeyId, secretAccessKey: auth.secret.reveal() },
  );
  signer.datetime = date;
  signer.prepareRequest();
  return { authorization: signer.authHeader(), ...own };
}
