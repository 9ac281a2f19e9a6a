import { findProvider, type Provider as PricedProvider } from '@pydantic/genai-prices';
import { findCloud } from './clouds/cloud-providers.ts';
import { findKnownProvider } from './known-providers.ts';

/** The provider's entry in the price table: by address, else by id. */
export function findPricedProvider(providerId: string, baseUrl: string): PricedProvider | undefined {
  const byUrl = findProvider({ providerApiUrl: baseUrl });
  if (byUrl !== undefined) return byUrl;
  const id = (findKnownProvider(providerId) ?? findCloud(providerId))?.priceId ?? providerId;
  const byId = findProvider({ providerId: id });
  // The table also matches ids that merely contain a vendor's name; only the vendor's own id is proof.
  return byId?.id === id ? byId : undefined;
}
