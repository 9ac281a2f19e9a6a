import { z } from 'zod';
import { filled } from './field-kinds.ts';

/** Where the master key is: its value, a file, a secret manager, or wrapped by a key management service. */
export const masterKeyFields = {
  TOKENROUTER_MASTER_KEY: filled
    .optional()
    .describe('32 bytes in base64 or hex that wrap every data key. Required in production.'),
  TOKENROUTER_MASTER_KEY_FILE: filled
    .optional()
    .describe('File that holds the master key, instead of the value.'),
  TOKENROUTER_MASTER_KEY_REF: filled
    .max(2_048)
    .optional()
    .describe(
      'Where a secret manager keeps it: `vault://MOUNT/PATH#FIELD`, `aws-sm://REGION/SECRET`, `gcp-sm://projects/P/secrets/S`, or `secret_refs:NAME`.',
    ),
  TOKENROUTER_MASTER_KEY_WRAPPED: filled
    .max(16_384)
    .optional()
    .describe(
      'The master key as a key management service encrypted it; `tokenrouter keys wrap-master` makes it. Needs TOKENROUTER_MASTER_KEY_KMS.',
    ),
  TOKENROUTER_MASTER_KEY_KMS: filled
    .max(2_048)
    .optional()
    .describe(
      'What decrypts it: `aws-kms:REGION/KEY`, `gcp-kms:projects/P/locations/L/keyRings/R/cryptoKeys/K` or `vault-transit:KEY`.',
    ),
  TOKENROUTER_MASTER_KEY_ENDPOINT: z
    .url({ protocol: /^https?$/, error: 'is not an http:// or https:// URL' })
    .optional()
    .describe(
      "Another address of AWS's or Google's service, such as a private endpoint. Vault is found at VAULT_ADDR.",
    ),
  TOKENROUTER_NEW_MASTER_KEY: filled
    .optional()
    .describe(
      'For `keys rotate-master` alone: the master key to rotate to. Default: one is made and printed.',
    ),
  TOKENROUTER_NEW_MASTER_KEY_FILE: filled.optional().describe('File that holds it, instead of the value.'),
  TOKENROUTER_NEW_MASTER_KEY_WRAPPED: filled
    .max(16_384)
    .optional()
    .describe('The same as the key management service encrypted it, instead of the value.'),
};
