import type { Message } from './message.ts';

/** A message as programs get it. */
export function writeWebhook(message: Message, url: string | undefined): string {
  return JSON.stringify({
    id: message.id,
    kind: message.kind,
    severity: message.severity,
    title: message.title,
    text: message.text,
    url: url ?? null,
    organization_id: message.organizationId,
    project_id: message.projectId ?? null,
    at: new Date(message.atMs).toISOString(),
    data: message.data,
  });
}
