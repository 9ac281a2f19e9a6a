import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { sessionQuery, setUp, setupQuery } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Gate } from '../shell/gate.tsx';

const PASSWORD_CHARACTERS_MIN = 12;

/** The first person: the token stands in the fragment, which no server and no log ever sees. */
export function SetUpPage() {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get('token') ?? '');
  const { data: setup } = useQuery(setupQuery);
  if (setup?.needed === false) {
    return (
      <Gate title="Already set up" lead="This installation has an owner.">
        <Link
          to="/sign-in"
          search={{}}
          className="font-medium text-accent text-sm underline underline-offset-4"
        >
          Go to the sign-in
        </Link>
      </Gate>
    );
  }
  if (token === '') {
    return (
      <Gate
        title="Set-up link needed"
        lead="The server prints a link when it starts. It works once, for 30 minutes."
      >
        <p className="text-soft text-sm">
          Restart the server for a fresh one, then open the whole link, with the part after #.
        </p>
      </Gate>
    );
  }
  return <OwnerForm token={token} />;
}

function OwnerForm({ token }: { token: string }) {
  const router = useRouter();
  const queries = useQueryClient();
  const [owner, setOwner] = useState({ name: '', email: '', password: '' });
  const creating = useMutation({
    // The answer signs in, also where passwords do not.
    mutationFn: () => setUp({ ...owner, token }),
    onSuccess: () => {
      queries.removeQueries({ queryKey: sessionQuery.queryKey });
      router.history.replace('/');
    },
  });
  const problemOf = (field: string) =>
    creating.error instanceof ApiError && creating.error.param === field ? creating.error.message : undefined;
  const isElsewhere =
    creating.error !== null && ['name', 'email', 'password'].every((field) => problemOf(field) === undefined);
  const change = (field: keyof typeof owner) => (event: { target: { value: string } }) =>
    setOwner({ ...owner, [field]: event.target.value });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    creating.mutate();
  };
  return (
    <Gate title="Create the owner" lead="The first account of this installation. It may do everything.">
      <form onSubmit={submit} className="flex flex-col gap-4">
        {isElsewhere ? <Notice tone="bad">{creating.error?.message}</Notice> : null}
        <Field
          label="Name"
          autoComplete="name"
          required
          maxLength={100}
          value={owner.name}
          onChange={change('name')}
          problem={problemOf('name')}
        />
        <Field
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          value={owner.email}
          onChange={change('email')}
          problem={problemOf('email')}
        />
        <Field
          label="Password"
          type="password"
          autoComplete="new-password"
          required
          minLength={PASSWORD_CHARACTERS_MIN}
          value={owner.password}
          onChange={change('password')}
          hint={`At least ${PASSWORD_CHARACTERS_MIN} characters. Kept as a bcrypt hash.`}
          problem={problemOf('password')}
        />
        <Button type="submit" look="primary" isBusy={creating.isPending} className="mt-1 h-10">
          Create the owner
        </Button>
      </form>
    </Gate>
  );
}
