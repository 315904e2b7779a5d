/** What the console is told of the configuration: as it was loaded, whatever lies in its place since. */
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { consoleSubject } from '../../bin/console/subject.ts';
import { loadConfigFile } from '../../lambda/config/load.ts';
import { RSA, spkiPem } from '../config/keys.ts';
import { configFile } from '../e2e/command.ts';

const PEM = spkiPem(RSA.publicKey);

it('calls each key by the option that was loaded, also once the file is another', async () => {
  const policies = [
    { secretOrPublicKeyFile: './public.pem', issuer: 'https://a.example.com' },
    { secretOrPublicKey: PEM, issuer: 'https://b.example.com' },
    { secretOrPublicKeyBase64: Buffer.from(PEM).toString('base64'), issuer: 'https://c.example.com' },
    { secret: 'generate', issuer: 'https://d.example.com' },
  ].map((policy) => ({ ...policy, checkCredentialExistence: false }));
  const config = await configFile({ jwt: policies });
  await writeFile(join(dirname(config), 'public.pem'), PEM);
  const loaded = loadConfigFile(config);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { about, explain } = consoleSubject({
    ...{ loaded, place: { config }, hasConsumers: false },
    of: { kind: 'local', gatewayUrl: 'http://127.0.0.1:8080' },
  });
  const expected = [
    ...['secretOrPublicKeyFile ./public.pem', 'secretOrPublicKey', 'secretOrPublicKeyBase64'],
    'secret: generate',
  ];
  const told = async () => (await about()).policies.map(({ keySource }) => keySource);
  expect(await told()).toEqual(expected);
  await writeFile(config, JSON.stringify({ jwt: [...policies].reverse() }));
  expect(await told()).toEqual(expected);
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${encode({ alg: 'RS256' })}.${encode({ iss: 'https://a.example.com' })}.AAAA`;
  const { steps } = await explain({ method: 'GET', path: '/', token });
  expect(JSON.stringify(steps)).toContain('secretOrPublicKeyFile ./public.pem');
});
