import { z } from 'zod';
import { count, filled, filledSecret } from './field-kinds.ts';

const webAddress = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }).max(2_000);

const Anchors = z.strictObject({
  every_events: count(1_000_000)
    .default(1_000)
    .describe('After so many events of a chain its newest one is signed and copied out of the database.'),
  every_minutes: count(1_440)
    .default(10)
    .describe('After so many minutes too, where something was added; and when the server stops.'),
  file: filled
    .max(4_096)
    .optional()
    .describe(
      'Where the signed copies are written, best on another disk. Default: `audit-anchors.ndjson` in the data folder.',
    ),
  webhook: webAddress
    .optional()
    .describe(
      'Where each signed copy is sent as well (POST, JSON): a place that this machine cannot change.',
    ),
});

const Webhook = z.strictObject({
  url: webAddress.describe('Where every event is sent, in order and at least once (POST, JSON).'),
  secret: filledSecret
    .min(32, 'must have at least 32 characters')
    .describe('With what each request is signed, best as a reference such as `${AUDIT_WEBHOOK_SECRET}`.'),
});

const Syslog = z.strictObject({
  address: z
    .string()
    .regex(
      /^(tls|tcp|udp):\/\/(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$/,
      'must be tls://host:port, tcp://host:port or udp://host:port',
    )
    .describe('A syslog server (RFC 5424) that gets every event.'),
  ca_file: filled
    .max(4_096)
    .optional()
    .describe(
      'PEM file of the authorities that may sign the certificate of a `tls://` address. Default: those that Node knows.',
    ),
});

/** How what people, keys and the operator do is written down. */
export const AuditFields = z.strictObject({
  required: z
    .boolean()
    .default(false)
    .describe(
      'Whether a change that cannot be written down is refused. Otherwise it is made, and the failure is logged.',
    ),
  keep_days: count(36_500)
    .optional()
    .describe('After so many days events are taken out of their chain, which tells so. Default: never.'),
  anchors: Anchors.prefault({}).describe('Signed copies of where each chain ends, outside the database.'),
  webhook: Webhook.optional().describe('A receiver of all events.'),
  syslog: Syslog.optional().describe('A syslog server that receives all events.'),
});
export type AuditFields = z.infer<typeof AuditFields>;
