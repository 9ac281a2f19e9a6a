import { expect, test } from 'vitest';
import { readTenancyOptions } from './tenancy-options.ts';

const read = (line: string) => {
  const [noun = '', ...args] = line.split(' ');
  return readTenancyOptions(noun === 'orgs' ? 'orgs' : 'projects', args);
};

test('organizations are made, listed, renamed and given a zone', () => {
  expect(read('orgs create --name Acme --slug acme --zone Europe/Berlin --owner a@example.com')).toEqual({
    do: 'create-organization',
    asked: { name: 'Acme', slug: 'acme', zone: 'Europe/Berlin' },
    owner: 'a@example.com',
  });
  expect(read('orgs list --json')).toEqual({ do: 'list-organizations', json: true });
  expect(read('orgs rename acme --name Other')).toEqual({
    do: 'change-organization',
    organization: 'acme',
    change: { name: 'Other' },
  });
  expect(read('orgs zone acme Asia/Tokyo')).toMatchObject({ change: { zone: 'Asia/Tokyo' } });
});

test('projects belong to the first organization unless another is named', () => {
  expect(read('projects create --name Chat')).toMatchObject({
    organization: 'default',
    asked: { name: 'Chat' },
  });
  expect(read('projects list --org acme')).toEqual({
    do: 'list-projects',
    organization: 'acme',
    json: false,
  });
  expect(read('projects rename chat --name Talk')).toMatchObject({ do: 'rename-project', project: 'chat' });
});

test.each(['orgs', 'orgs --help', 'orgs create -h', 'projects help'])('%s shows how it is used', (line) => {
  expect(read(line)).toEqual({ do: 'help' });
});

test.each([
  ['orgs create', '--name is needed'],
  ['orgs create --name A --slug A!', '--slug has'],
  ['orgs create --name A --capture full', '--capture'],
  ['orgs list extra', 'tokenrouter orgs list'],
  ['orgs zone acme', 'orgs zone ORG ZONE'],
  ['orgs rename acme', '--name is needed'],
  ['orgs destroy acme', 'There is no command "orgs destroy"'],
  ['orgs toString', 'There is no command'],
  ['projects create --name A --capture everything', '--capture is'],
  ['projects rename', 'PROJECT'],
])('%s is refused with a sentence', (line, sentence) => {
  const request = read(line);
  expect(request.do === 'refuse' && request.problem).toContain(sentence);
});
