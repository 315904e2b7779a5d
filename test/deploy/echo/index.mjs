// A backend function: answers with what API Gateway told it about the caller.
export const handler = async ({ requestContext }) => ({
  statusCode: 200,
  body: JSON.stringify({ authorizer: requestContext.authorizer, node: process.version }),
});
