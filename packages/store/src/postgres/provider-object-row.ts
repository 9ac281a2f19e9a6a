/** An object that a provider keeps for a project. `sealed` is the provider's last word about it, encrypted. */
export type ProviderObject = {
  id: string;
  kind: 'file' | 'batch';
  providerId: string;
  purpose: string;
  createdAtMs: number;
  sealed: Buffer;
};

export type ProviderObjectRow = {
  object_id: string;
  kind: 'file' | 'batch';
  provider_id: string;
  purpose: string;
  created_at: Date;
  sealed: Buffer;
};

export const providerObjectColumns = 'object_id, kind, provider_id, purpose, created_at, sealed';

export function readProviderObject(row: ProviderObjectRow): ProviderObject {
  return {
    id: row.object_id,
    kind: row.kind,
    providerId: row.provider_id,
    purpose: row.purpose,
    createdAtMs: row.created_at.getTime(),
    sealed: row.sealed,
  };
}
