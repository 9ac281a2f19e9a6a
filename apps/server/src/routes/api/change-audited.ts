import { GatewayError } from '@app/protocol';
import type { Audit, NewAuditEvent } from '../../audit/audit.ts';
import type { ApiRequest, Audited } from './operation.ts';

type Change<Input, Output> = {
  audit?: Audited<Input, Output> | undefined;
  run: (input: Input) => Promise<Output>;
};

/** Runs an operation, and writes down what it changed. What changes nothing just runs. */
export async function changeAudited<Input, Output>(
  { audit: spec, run }: Change<Input, Output>,
  input: Input,
  { audit, request }: { audit: Audit; request: ApiRequest },
): Promise<Output> {
  if (spec === undefined) return run(input);
  const before = await spec.before?.(input);
  const event = (output?: Output): NewAuditEvent => ({
    ...eventOf(request),
    ...organizationOf(spec.organization?.(input, output)),
    action: spec.action,
    target: spec.target?.(input, output),
    before,
  });
  const entry = await audit.begin(event());
  const output = await run(input).catch(async (error: unknown) => {
    await entry.failed(error instanceof GatewayError ? error.message : 'Something unexpected happened.');
    throw error;
  });
  // Out of reach of the above: what happened is never written down as failed.
  await entry.done({ ...event(output), after: spec.after ? spec.after(output, input) : output });
  return output;
}

const organizationOf = (organizationId: string | undefined) =>
  organizationId === undefined ? {} : { organizationId };

/** Who asks for what from where, as far as it was found out. */
export function eventOf({ headers, id, ip, seen }: ApiRequest): Omit<NewAuditEvent, 'action'> {
  const { actor, organizationId, projectId } = seen;
  const userAgent = headers['user-agent'];
  return {
    organizationId,
    projectId,
    actor:
      actor === undefined
        ? { kind: 'anyone' }
        : {
            kind: actor.kind === 'user' ? 'person' : 'key',
            id: actor.id,
            label: actor.label,
            role: actor.role,
            sessionId: actor.sessionId,
          },
    ip,
    userAgent: typeof userAgent === 'string' ? userAgent : undefined,
    requestId: id,
  };
}
