import type { APIGatewayAuthorizerResult } from 'aws-lambda';

/** What of an answer API Gateway would not take, or not as it was meant; undefined where there is nothing. */
export function overLimit(answer: APIGatewayAuthorizerResult, methodArn: unknown): string | undefined {
  const { principalId, policyDocument, context, ...rest } = answer;
  if (typeof principalId !== 'string' || principalId === '') return 'no principalId';
  const unknown = Object.keys(rest).filter((name) => name !== 'usageIdentifierKey');
  if (unknown.length > 0) return `members ${unknown.join(', ')}`;
  for (const [name, value] of Object.entries(context ?? {})) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `a context entry of the name ${JSON.stringify(name)}`;
    if (typeof value !== 'string') return `context.${name} is no text`;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a header made of it would end there
    if (name !== 'claimsJson' && /[\u0000-\u001f\u007f-\u009f]/.test(value))
      return `context.${name} has a control character`;
  }
  const { Version, Statement } = policyDocument;
  if (Version !== '2012-10-17' || Statement.length === 0) return 'no policy';
  const stage = stageOf(methodArn);
  for (const one of Statement) {
    const resources = 'Resource' in one ? [one.Resource].flat().map(String) : [];
    if (resources.length === 0) return 'a statement without a resource';
    if (stage !== undefined && !resources.every((resource) => resource.startsWith(`${stage}/`)))
      return 'a resource of another stage';
    if (stage !== undefined && stage.length < 200 && resources.some(({ length }) => length > 512 + 200))
      return 'a resource of more than 512 characters';
  }
  const bytes = Buffer.byteLength(JSON.stringify(answer));
  return isOfApiGateway(methodArn) && bytes > 8000 ? `${bytes} bytes` : undefined;
}

function stageOf(arn: unknown): string | undefined {
  return typeof arn === 'string' ? /^(?:[^:]*:){5}[^/]*\/[^/]*/.exec(arn)?.[0] : undefined;
}

/** A stage's name has at most 128 characters, an API's id ten: of longer ones nothing is promised. */
const isOfApiGateway = (arn: unknown): boolean => (stageOf(arn)?.length ?? Number.POSITIVE_INFINITY) <= 200;
