import { endpoints, type SecurityReport } from '@app/contract';
import { GatewayError } from '@app/protocol';
import { organizationOperation } from '../operation.ts';

/** How safe this deployment is: for those who own or manage the organization that runs it, as it names places on the machine. */
export const getSecurityReport = (readReport: () => Promise<SecurityReport>) =>
  organizationOperation({
    endpoint: endpoints.getSecurityReport,
    permission: 'settings:write',
    run: ({ organization }) => {
      if (organization.slug === 'default') return readReport();
      const message = 'Only the organization that runs this installation sees how safe it is.';
      throw new GatewayError('insufficient_permissions', message, { retryable: false });
    },
  });
