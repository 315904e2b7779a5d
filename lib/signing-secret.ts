import { RemovalPolicy, Validations } from 'aws-cdk-lib';
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
