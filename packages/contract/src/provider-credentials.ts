import { z } from 'zod';

/** A provider's key as it is listed: never its secret. */
export const ProviderCredential = z.object({
  id: z.string(),
  /** The provider, as the operator's configuration or the list of known providers names it. */
  provider: z.string(),
  /** Where the key may be sent to. */
  origins: z.array(z.string()),
  name: z.string(),
  /** Null where every project of the organization may use it. */
  project_id: z.string().nullable(),
  /** Where its secret is: in the database, sealed, or behind a reference that the operator listed. */
  source: z.enum(['stored', 'reference', 'file']),
  reference: z.string().nullable(),
  /** For recognising it. */
  last_four: z.string().nullable(),
  /** Its share of the calls, beside the provider's other keys. */
  weight: z.int(),
  enabled: z.boolean(),
  /** `cooling`: the provider refused it lately; `unresolved`: its reference gives nothing. */
  status: z.enum(['ready', 'cooling', 'disabled', 'unresolved']),
  cooling_until: z.iso.datetime().nullable(),
  last_error: z.string().nullable(),
  created_at: z.iso.datetime(),
  created_by: z.string().nullable(),
  rotated_at: z.iso.datetime().nullable(),
});
export type ProviderCredential = z.infer<typeof ProviderCredential>;

const name = z.string().trim().min(1).max(64);
const weight = z.int().min(0).max(1_000);
/** Line ends come with what is pasted or read from a file, and belong to no secret. */
const secret = z.string().trim().min(1).max(32_768);

export const NewProviderCredential = z.strictObject({
  provider: z.string().trim().min(1).max(64),
  name: name.default('default'),
  /** Exactly one of `secret` and `reference`. */
  secret: secret.optional(),
  reference: z.string().trim().min(1).max(128).optional(),
  weight: weight.default(1),
  /** The whole organization's instead of the project's own. */
  shared: z.boolean().default(false),
});
export type NewProviderCredential = z.input<typeof NewProviderCredential>;

/** A new `secret` takes the old one's place at once. */
export const ProviderCredentialChange = z.strictObject({
  name: name.optional(),
  secret: secret.optional(),
  reference: z.string().trim().min(1).max(128).optional(),
  weight: weight.optional(),
  enabled: z.boolean().optional(),
});
export type ProviderCredentialChange = z.infer<typeof ProviderCredentialChange>;

export const ProviderCredentialList = z.object({ data: z.array(ProviderCredential) });
export type ProviderCredentialList = z.infer<typeof ProviderCredentialList>;

/** What a provider said to one cheap call with the key, in one sentence. */
export const ProviderCredentialCheck = z.object({
  /** Whether the provider took the key. `null`: it did not say; the sentence tells why. */
  ok: z.boolean().nullable(),
  message: z.string(),
});
export type ProviderCredentialCheck = z.infer<typeof ProviderCredentialCheck>;
