/** Decides nothing: what a start costs without any code of an authorizer. */
export const handler = async ({ methodArn }) => ({
  principalId: 'anyone',
  policyDocument: {
    Version: '2012-10-17',
    Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }],
  },
});
