import type { Price, Rates, Ratio, ServiceTier } from '@app/providers';

/** What one model costs, for people to read: US dollars per million tokens, exact. */
export function writePrice(name: string, price: Price | undefined): string {
  if (price === undefined) {
    return `${name}\n  No price is known. Give it one in tokenrouter.yaml, under models[].price.\n`;
  }
  const lines = [
    `price version  ${price.version}`,
    ...ratesOf(price.rates, 'USD per million tokens'),
    ...price.tiers.flatMap(({ inputTokensMin, rates }) =>
      ratesOf(rates, `a call with more than ${inputTokensMin.toLocaleString('en-US')} tokens in`),
    ),
    ...Object.entries(price.serviceTiers ?? {}).flatMap(([tier, queue]) => queueOf(tier, queue)),
    ...Object.entries(price.geos ?? {}).map(([geo, ratio]) => `made in ${geo}: ${timesOf(ratio)}`),
    ...Object.entries(price.toolFees ?? {}).map(
      ([tool, picos]) =>
        `${WORDS[tool] ?? tool}: ${dollars(picos, 9)} USD per thousand${guess(price.isFeeEstimated)}`,
    ),
    ...line(
      price.requestFee,
      (picos) => `requests: ${dollars(picos, 9)} USD per thousand${guess(price.isFeeEstimated)}`,
    ),
    ...line(price.soundHour, (picos) => `sound: ${dollars(picos, 12)} USD per hour`),
    ...line(price.paid, (ratio) => `after the discount: ${timesOf(ratio)}`),
    ...line(price.contextTokens, (tokens) => `holds ${tokens.toLocaleString('en-US')} tokens`),
    ...line(price.outputTokensMax, (tokens) => `writes at most ${tokens.toLocaleString('en-US')} tokens`),
  ];
  return `${name}\n${lines.map((text) => `  ${text}\n`).join('')}`;
}

const WORDS: { readonly [name: string]: string } = {
  inputFresh: 'input',
  inputCacheRead: 'read from cache',
  inputCacheReadAudio: 'sound read from cache',
  inputCacheReadImage: 'images read from cache',
  inputCacheWrite: 'written to cache (5 min)',
  inputCacheWrite1h: 'written to cache (1 h)',
  inputAudio: 'sound in',
  inputImage: 'images in',
  outputText: 'output',
  outputThinking: 'thinking',
  outputAudio: 'sound out',
  outputImage: 'images out',
  webSearch: 'web searches',
  webFetch: 'pages fetched',
  fileSearch: 'searches of files',
  codeExecution: 'code runs',
  mapSearch: 'map searches',
  socialSearch: 'searches of X',
  imageGeneration: 'pictures made',
};

function ratesOf(rates: Rates, title: string): string[] {
  const rows = Object.entries(rates).map(
    ([tokenClass, picos]) => `  ${(WORDS[tokenClass] ?? tokenClass).padEnd(26)}${dollars(picos, 6)}`,
  );
  return [`${title}:`, ...rows];
}

function queueOf(tier: string, { times, rates, tiers = [], isEstimated }: ServiceTier): string[] {
  if (rates === undefined) return [`queue ${tier}: ${timesOf(times ?? ONE)}${guess(isEstimated)}`];
  return [
    ...ratesOf(rates, `queue ${tier}`),
    ...tiers.flatMap((one) => ratesOf(one.rates, `queue ${tier}, above ${one.inputTokensMin} tokens in`)),
  ];
}

const ONE: Ratio = { numerator: 1, denominator: 1 };

function timesOf({ numerator, denominator }: Ratio): string {
  return denominator === 1 ? `${numerator} times` : `${numerator}/${denominator} of that`;
}

function guess(isEstimated: true | undefined): string {
  return isEstimated === true ? ' (an estimate)' : '';
}

/** A whole number of pico-dollars as dollars of another unit, exact. */
function dollars(picos: number, places: number): string {
  const text = String(picos).padStart(places + 1, '0');
  const fraction = text.slice(-places).replace(/0+$/, '');
  return `${text.slice(0, -places)}${fraction === '' ? '' : `.${fraction}`}`;
}

function line<Value>(value: Value | undefined, write: (value: Value) => string): string[] {
  return value === undefined ? [] : [write(value)];
}
