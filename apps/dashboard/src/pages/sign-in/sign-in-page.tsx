import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { sessionQuery } from '../../api/session.ts';
import { signInMethodsQuery } from '../../api/sign-in.ts';
import { Notice } from '../../ui/notice.tsx';
import { Gate } from '../shell/gate.tsx';
import { CodeForm } from './code-form.tsx';
import { localPath } from './local-path.ts';
import { OtherWays } from './other-ways.tsx';
import { PasswordForm } from './password-form.tsx';
import { providerProblem } from './provider-problem.ts';

const route = getRouteApi('/sign-in');

/** The ways in that this installation has. */
export function SignInPage() {
  const { next, error } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  const [asksCode, setAsksCode] = useState(false);
  const { data: methods } = useQuery(signInMethodsQuery);
  const enter = async () => {
    await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
    queries.removeQueries({ queryKey: sessionQuery.queryKey });
    router.history.push(localPath(next));
  };
  if (asksCode) {
    return (
      <Gate title="Second factor" lead="The six digits that your app shows now, or one of your backup codes.">
        <CodeForm onDone={enter} onBack={() => setAsksCode(false)} />
      </Gate>
    );
  }
  const hasPassword = methods?.password ?? true;
  return (
    <Gate
      title="Sign in"
      lead={
        hasPassword ? 'With the e-mail address and password of your account here.' : 'To your account here.'
      }
    >
      {error === undefined ? null : <Notice tone="bad">{providerProblem(error)}</Notice>}
      {hasPassword ? (
        <PasswordForm hasMail={methods?.mail ?? false} onDone={enter} onCode={() => setAsksCode(true)} />
      ) : null}
      {methods === undefined ? null : <OtherWays methods={methods} next={localPath(next)} onDone={enter} />}
    </Gate>
  );
}
