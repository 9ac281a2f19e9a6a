import { useQuery } from '@tanstack/react-query';
import { credentialsQuery } from '../../api/credentials.ts';
import { usePermission } from '../../api/use-permission.ts';

/** How a key that came with the call stands in its record. */
const INLINE = 'inline';

/** Which of a provider's keys it was, by its name where the person may see it and the key still exists. */
export function CredentialName({ project, id }: { project: string; id: string }) {
  const isListed = usePermission('credentials:write') && id !== INLINE;
  const credentials = useQuery({ ...credentialsQuery(project), enabled: isListed, refetchInterval: false });
  if (id === INLINE) return 'the caller’s own';
  const name = credentials.data?.data.find((credential) => credential.id === id)?.name;
  return <bdi title={id}>{name ?? id}</bdi>;
}
