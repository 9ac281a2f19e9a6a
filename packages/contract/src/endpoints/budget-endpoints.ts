import type { z } from 'zod';
import {
  type Endpoint,
  inOrganization,
  inProject,
  noBody,
  nothing,
  oneInOrganization,
  oneInProject,
} from '../endpoint.ts';
import {
  Budget,
  BudgetChange,
  BudgetDecline,
  BudgetGrant,
  BudgetList,
  BudgetNoticeList,
  LimitSearch,
  NewBudget,
} from '../limits.ts';

const ofProject = endpointsAt('/api/v1/projects/{project}', inProject, oneInProject);
const ofOrganization = endpointsAt('/api/v1/organizations/{organization}', inOrganization, oneInOrganization);

/** Budgets of a project and over a whole organization, what they did, and what their owners say. */
export const budgetEndpoints = {
  listBudgets: ofProject.list,
  createBudget: ofProject.create,
  getBudget: ofProject.get,
  updateBudget: ofProject.update,
  deleteBudget: ofProject.delete,
  grantBudget: ofProject.grant,
  declineBudget: ofProject.decline,
  listNoticesOfBudget: ofProject.listNoticesOfOne,
  listBudgetNotices: ofProject.listNotices,
  listOrganizationBudgets: ofOrganization.list,
  createOrganizationBudget: ofOrganization.create,
  getOrganizationBudget: ofOrganization.get,
  updateOrganizationBudget: ofOrganization.update,
  deleteOrganizationBudget: ofOrganization.delete,
  grantOrganizationBudget: ofOrganization.grant,
  declineOrganizationBudget: ofOrganization.decline,
  listNoticesOfOrganizationBudget: ofOrganization.listNoticesOfOne,
  listOrganizationBudgetNotices: ofOrganization.listNotices,
} as const satisfies { [name: string]: Endpoint };

function endpointsAt<In extends z.ZodType, One extends z.ZodType>(
  place: `/api/v1/${string}`,
  inside: In,
  one: One,
) {
  const path = `${place}/budgets` as const;
  const onAll = { path, params: inside } as const;
  const onOne = { path: `${path}/{id}`, params: one, query: nothing, status: 200, output: Budget } as const;
  const listing = { method: 'GET', query: LimitSearch, body: noBody, status: 200 } as const;
  const notices = { ...listing, output: BudgetNoticeList } as const;
  return {
    list: { ...onAll, ...listing, output: BudgetList },
    create: { ...onAll, method: 'POST', query: nothing, body: NewBudget, status: 201, output: Budget },
    get: { ...onOne, method: 'GET', body: noBody },
    update: { ...onOne, method: 'PATCH', body: BudgetChange },
    delete: { ...onOne, method: 'DELETE', body: noBody },
    grant: { ...onOne, path: `${path}/{id}/grants`, method: 'POST', body: BudgetGrant, status: 201 },
    decline: {
      ...onOne,
      path: `${path}/{id}/declines`,
      method: 'POST',
      body: BudgetDecline,
      status: 201,
      output: BudgetNoticeList,
    },
    listNoticesOfOne: { ...notices, path: `${path}/{id}/notices`, params: one },
    listNotices: { ...notices, path: `${place}/budget-notices`, params: inside },
  } as const;
}
