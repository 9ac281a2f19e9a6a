import { type FakeAwsOptions, findAwsFault, refuseAsAws } from './aws-secrets-upstream.ts';
import type { Script } from './fake-upstream.ts';
import { createSealingKey } from './sealing-key.ts';

const KMS = { service: 'kms', targets: ['TrentService.Encrypt', 'TrentService.Decrypt'] };

/**
 * Plays AWS KMS with one symmetric key and checks every signature. Source: AWS, KMS API reference, `Encrypt` and
 * `Decrypt`.
 */
export function playsAwsKms(options: FakeAwsOptions & { keyId: string }): Script {
  const key = createSealingKey();
  return (response, request) => {
    const fault = findAwsFault(request, options, KMS);
    if (fault !== undefined) return refuseAsAws(response, fault);
    const { KeyId, Plaintext, CiphertextBlob, EncryptionContext = {} } = request.json ?? {};
    if (KeyId !== options.keyId) return refuseAsAws(response, 'NotFoundException');
    const context = JSON.stringify(EncryptionContext);
    const isEncrypt = request.headers['x-amz-target'] === 'TrentService.Encrypt';
    const text = isEncrypt ? key.seal(String(Plaintext), context) : key.open(String(CiphertextBlob), context);
    if (text === undefined) return refuseAsAws(response, 'InvalidCiphertextException');
    const arn = `arn:aws:kms:${options.region}:1:key/${options.keyId}`;
    const body = { KeyId: arn, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
    response
      .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify({ ...body, [isEncrypt ? 'CiphertextBlob' : 'Plaintext']: text }));
  };
}
