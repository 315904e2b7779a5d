import { Aws, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/**
 * Secrets Manager draws characters, not bytes: 86 of 62 kinds are 512.06 bits, enough for HS512, whose
 * secret must be as long as its hash (RFC 7518 §3.2), in bits of chance and in bytes of text.
 */
const SECRET_CHARACTERS = 86;

/**
 * The secret of a policy with `secret: generate`. It outlives the stack: all tokens in circulation are
 * signed with it.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
 */
export class SigningSecret extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      description: 'Signs and verifies the tokens that the JWT authorizer accepts (HMAC)',
      generateSecretString: {
        passwordLength: SECRET_CHARACTERS,
        excludePunctuation: true,
        includeSpace: false,
        // One of each kind would be a rule about the secret, and so a little less chance.
        requireEachIncludedType: false,
      },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this.secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Rotating it invalidates tokens, and whoever issues them must learn the new one: a decision of the ' +
        'owner’s. The authorizer goes on accepting AWSPREVIOUS for a while when it is rotated.',
    });
  }
}

/** Reading the value of one secret, and nothing else about it. */
export function grantSecretValue(grantee: IGrantable, ...secretArns: readonly string[]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [...secretArns] }),
  );
}

/** Decrypting what Secrets Manager keeps under a key of the owner's, through Secrets Manager alone. */
export function grantSecretDecryption(grantee: IGrantable, keyArns: readonly string[]): void {
  if (keyArns.length === 0) return;
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [...keyArns],
      conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${Aws.REGION}.amazonaws.com` } },
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
