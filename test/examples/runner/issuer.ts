import { join } from 'node:path';
import { OAuth2Server } from 'oauth2-mock-server';

/** An OpenID Connect issuer over https. @param address on this machine. @param folder that has its certificate and key. */
export async function startIssuer(address: string, folder: string) {
  const server = new OAuth2Server(join(folder, 'issuer.key'), join(folder, 'issuer.crt'));
  await server.issuer.keys.generate('RS256');
  await server.start(0, address);
  const url = `https://${address}:${server.address().port}`;
  // By itself it calls every address of this machine localhost.
  server.issuer.url = url;
  const token = await server.issuer.buildToken({
    scopesOrTransform: (_header, payload) => {
      payload['sub'] = 'ann';
      payload['aud'] = 'orders-api';
    },
  });
  return { url, token, stop: () => server.stop() };
}
