/**
 * The headers that the local gateway and a stack-made API send to the upstream, and the context entry each
 * is made of. The list is closed and every header is always set (to an empty value when there is nothing to
 * say), so that a client's own header of the same name never passes.
 */
export const UPSTREAM_HEADERS = {
  'x-authorizer-consumer-id': 'consumerId',
  'x-authorizer-consumer-type': 'consumerType',
  'x-authorizer-username': 'username',
  'x-authorizer-credential-id': 'credentialId',
  'x-authorizer-scopes': 'scopes',
  'x-authorizer-principal-id': 'principalId',
  'x-authorizer-claims': 'claimsBase64url',
} as const;
