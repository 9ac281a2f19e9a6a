import type { StoredAuditEvent } from '@app/store';
import { showEvent } from '../show-event.ts';

/** Facility 13, "log audit" (RFC 5424 §6.2.1). */
const FACILITY = 13;
const NOTICE = 5;
const WARNING = 4;
const HOST_CHARS_MAX = 255;

type Written = { organizationId: string; hostname: string; bytesMax?: number };

/**
 * An event as RFC 5424 has it: the message is its JSON in ASCII. Over `bytesMax` it goes without `before` and `after`,
 * which are in the chain.
 */
export function writeSyslogMessage(
  event: StoredAuditEvent,
  { organizationId, hostname, bytesMax }: Written,
): string {
  const shown = { organization_id: organizationId, ...showEvent(event) };
  const whole = messageOf(event, hostname, shown);
  if (bytesMax === undefined || whole.length <= bytesMax) return whole;
  return messageOf(event, hostname, { ...shown, before: '(cut)', after: '(cut)' });
}

function messageOf({ atMs, action, outcome }: StoredAuditEvent, hostname: string, value: object): string {
  const priority = FACILITY * 8 + (outcome === 'done' ? NOTICE : WARNING);
  const host = hostname.replace(/[^\x21-\x7e]/g, '').slice(0, HOST_CHARS_MAX) || '-';
  const name = action.replace(/[^\x21-\x7e]/g, '').slice(0, 32) || '-';
  const head = `<${priority}>1 ${new Date(atMs).toISOString()} ${host} tokenrouter - ${name} -`;
  return `${head} ${asciiOf(JSON.stringify(value))}`;
}

/** Without characters beyond ASCII there is no question of how they are encoded. */
function asciiOf(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
