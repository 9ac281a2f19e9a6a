type Headers = Readonly<Record<string, string>>;

/**
 * What holds for a reply that says nothing else: it is no page, nobody may embed or guess at it, and it is for whoever
 * asked alone. Set once, so that a request costs no work for them.
 */
export const strictestHeaders: Headers = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'permissions-policy':
    'accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), payment=(), usb=()',
  'x-permitted-cross-domain-policies': 'none',
};

/** What is of use on a reply that is data and never a document: that of a call. */
export const dataHeaders: Headers = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
};

/** A year. Other names below ours are not ours to speak for, so they are not included. */
export const HSTS = 'max-age=31536000';

/** The same for whoever came by HTTPS. */
export const secureDataHeaders: Headers = { ...dataHeaders, 'strict-transport-security': HSTS };
