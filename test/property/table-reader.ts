/** The table of a test, as the authorizer reads it. */
import type { RevocationReader } from '../../lambda/consumers/find-revocation.ts';
import type { Credential, CredentialReader } from '../../lambda/consumers/model.ts';
import { jtiHashOf, tokenHashOf } from '../../lambda/consumers/token-names.ts';
import { APPLICATION_CREDENTIAL, applicationOf, credentialOf, userOf } from '../authorizer/fixtures.ts';
import type { TableState } from './table.ts';
import { EXPIRES_AT_SECONDS, keyIdOf, LAST_CREDENTIAL_ENDS_AT_SECONDS, textOf } from './tokens.ts';

const USER_IDS = ['user-0', 'user-1'];
const APPLICATION_ID = 'app-0';
const HOLDERS: readonly Partial<Credential>[] = [
  { consumerId: 'user-0' },
  { ...APPLICATION_CREDENTIAL, consumerId: APPLICATION_ID, ownerUserId: 'user-0' },
  { consumerId: 'user-1', expiresAtSeconds: LAST_CREDENTIAL_ENDS_AT_SECONDS },
];

/** @param now the table as it is when it is read. */
export function readerOf(now: () => TableState): CredentialReader & RevocationReader {
  return {
    async readCredential(keyId) {
      const which = HOLDERS.findIndex((_, i) => keyIdOf(i) === keyId);
      const credential = now().credentials[which];
      return credential && credentialOf({ keyId, ...HOLDERS[which], ...credential });
    },
    async readHolder({ consumerId, consumerType, ownerUserId }) {
      const userId = consumerType === 'user' ? consumerId : (ownerUserId ?? '');
      const [user, application] = [now().users[USER_IDS.indexOf(userId)], now().applications[0]];
      return {
        ...(user && { user: userOf({ id: userId, username: userId, ...user }) }),
        ...(consumerType === 'application' &&
          application && {
            application: applicationOf({ id: APPLICATION_ID, userId, ...application }),
          }),
      };
    },
    async readRevocations() {
      const { tokens, jtis, issuedBeforeSeconds } = now().revocations;
      return {
        ...(issuedBeforeSeconds !== undefined && { issuedBeforeSeconds }),
        ...(tokens.length + jtis.length > 0 && { tokensUntilSeconds: EXPIRES_AT_SECONDS }),
      };
    },
    async isTokenRevoked({ tokenHash, jtiHash }) {
      const { tokens, jtis } = now().revocations;
      const names = tokens.map((token) => {
        const text = textOf(token);
        return tokenHashOf(text.slice(0, text.lastIndexOf('.')));
      });
      const jtiNames = jtis.map(({ jti, issuer }) => jtiHashOf(jti, issuer));
      return names.includes(tokenHash) || (jtiHash !== undefined && jtiNames.includes(jtiHash));
    },
  };
}
