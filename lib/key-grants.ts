/** What the function may read of the secret stores: the keys that its configuration names. */
import { Arn, Aws, Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** Reading the value of one secret, and nothing else about it. */
export function grantSecretValue(grantee: IGrantable, ...secretArns: readonly string[]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [...secretArns] }),
  );
}

/** Reading one parameter, in any of its versions, and nothing else about it. */
export function grantParameterValue(grantee: IGrantable, name: string): void {
  const resource = Arn.format(
    { service: 'ssm', resource: 'parameter', resourceName: name.replace(/^\//, '') },
    Stack.of(grantee as IGrantable & IConstruct),
  );
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['ssm:GetParameter'], resources: [resource] }),
  );
}

/** Decrypting what the secret stores keep under keys of the owner's, through those stores alone. */
export function grantSecretDecryption(
  grantee: IGrantable,
  { keyArns, services }: { keyArns: readonly string[]; services: readonly ('secretsmanager' | 'ssm')[] },
): void {
  if (keyArns.length === 0 || services.length === 0) return;
  const [first, ...more] = services.map((service) => `${service}.${Aws.REGION}.amazonaws.com`);
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [...keyArns],
      conditions: { StringEquals: { 'kms:ViaService': more.length > 0 ? [first, ...more] : first } },
    }),
  );
}

/**
 * The IAM resources of a configured secret. IAM compares complete ARNs, which end in a hyphen and six
 * characters of Secrets Manager's own; `secretArn` may leave them out. A name may end like that by itself
 * (`my-secret`), so an ending in lower case letters, which one random ending in 190 is, counts as either.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
 */
export function secretResources(arn: string): readonly string[] {
  const ending = /-([A-Za-z0-9]{6})$/.exec(arn)?.[1];
  const partial = `${arn}-??????`;
  if (ending === undefined) return [partial];
  return /^[a-z]+$/.test(ending) ? [arn, partial] : [arn];
}
