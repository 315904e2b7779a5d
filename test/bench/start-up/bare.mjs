/** What one writes without an authorizer of ours. */
import { createPublicKey } from 'node:crypto';
import jwt from 'jsonwebtoken';

const key = createPublicKey(process.env.BENCH_KEY);
const OPTIONS = { algorithms: ['RS256'], audience: 'orders-api', issuer: 'https://issuer.example' };

export const verify = ({ authorizationToken }) => jwt.verify(authorizationToken.slice(7), key, OPTIONS);

export const allow = (claims, { methodArn }) => ({
  principalId: claims.sub,
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }],
  },
  context: { claimsJson: JSON.stringify(claims) },
});

export const handler = async (event) => allow(verify(event), event);
