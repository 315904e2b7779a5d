import { Aws } from 'aws-cdk-lib';
import { AnyPrincipal, ArnPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';

/** API Gateway writes the API's own ARN in the place of what is missing. */
const EVERY_METHOD = 'execute-api:/*';

/**
 * Who may call an API whose methods have IAM authorization.
 *
 * AWS's table for callers of the API's own account allows whoever *either* the resource policy or an IAM
 * policy allows. So an allow-list alone would let in every administrator of the account, named or not: what
 * keeps the others out is an explicit Deny, which wins over both. It compares the signing principal, which is
 * the role for all of a role's sessions; a key that is missing compares as different, and so is denied.
 *
 * - Named roles and users: an Allow, with which those of this account need no IAM policy of their own, and
 *   those of other accounts, which AWS asks both for, need one besides.
 * - A named account (`…:root`): an Allow that hands the decision to the IAM policies of that account.
 * - None named: no Allow at all, and a Deny for other accounts. Then the IAM policies of this account decide
 *   alone; an Allow for its root would do no more if API Gateway reads it as IAM does, and let everybody of
 *   the account in if it does not.
 *
 * @param allowedPrincipals ARNs of IAM roles, users and account roots.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html
 */
export function adminPolicy(allowedPrincipals: readonly string[]): PolicyDocument {
  const invoke = { actions: ['execute-api:Invoke'], resources: [EVERY_METHOD] };
  const isAccount = (arn: string) => arn.endsWith(':root');
  const accounts = allowedPrincipals.filter(isAccount).map((arn) => arn.split(':')[4] ?? '');
  const named = allowedPrincipals.filter((arn) => !isAccount(arn));
  const nobodyNamed = allowedPrincipals.length === 0;
  const deny = new PolicyStatement({
    ...invoke,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    // Both must hold: whoever is in neither list.
    conditions: {
      ...(named.length > 0 && { ArnNotEquals: { 'aws:PrincipalArn': named } }),
      ...(accounts.length > 0 && { StringNotEquals: { 'aws:PrincipalAccount': accounts } }),
      ...(nobodyNamed && { StringNotEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID } }),
    },
  });
  const allow = new PolicyStatement({
    ...invoke,
    principals: allowedPrincipals.map((arn) => new ArnPrincipal(arn)),
  });
  return new PolicyDocument({ statements: nobodyNamed ? [deny] : [deny, allow] });
}
