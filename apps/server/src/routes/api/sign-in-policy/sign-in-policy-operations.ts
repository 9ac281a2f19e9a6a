import { endpoints } from '@app/contract';
import type { SignInPolicies } from '../../../members/create-sign-in-policies.ts';
import { type Operation, organizationOperation } from '../operation.ts';

/** How the people of an organization get in. */
export function signInPolicyOperations(policies: SignInPolicies): Operation[] {
  return [
    organizationOperation({
      endpoint: endpoints.getSignInPolicy,
      permission: 'keys:read',
      run: ({ organization }) => policies.get(organization.id),
    }),
    organizationOperation({
      endpoint: endpoints.updateSignInPolicy,
      permission: 'members:write',
      audit: {
        action: 'sign_in_policy.change',
        target: ({ organization }) => ({
          kind: 'organization',
          id: organization.id,
          name: organization.name,
        }),
        before: ({ organization }) => policies.get(organization.id),
      },
      run: ({ organization, body, actor }) => policies.change(organization.id, body, actor),
    }),
  ];
}
