import { type Duration, Token } from 'aws-cdk-lib';
import type { IStringParameter } from 'aws-cdk-lib/aws-ssm';

/** A secret of AWS Secrets Manager, as far as it is needed here; every `ISecret` is one. */
export interface StoredSecret {
  readonly secretArn: string;
  readonly secretFullArn?: string | undefined;
}

/** Options of a key that is rotated. */
export interface RotatedKeyOptions {
  /**
   * How long the key before the current one still verifies, counted from when the current one was made.
   * @default - a day for secrets, not at all for parameters
   */
  readonly previousKeyDuration?: Duration | undefined;
}

/** Options of a secret in AWS Secrets Manager. */
export interface SecretKeyOptions extends RotatedKeyOptions {
  /**
   * The field of a JSON secret that holds the key. Only of a secret whose complete ARN is known at synthesis.
   * @default - the whole secret is the key
   */
  readonly jsonField?: string | undefined;
}

/** Where a policy's verification keys come from. */
export class KeySource {
  /**
   * A public key or X.509 certificate in PEM, which goes into the function's package.
   * A secret is refused there: use {@link secret} or {@link generatedSecret}.
   */
  static publicKey(pem: string): KeySource {
    return new KeySource({ secretOrPublicKey: pem });
  }

  /** A Secrets Manager secret of 512 random bits, made for the policy; it outlives the stack. */
  static generatedSecret(options: RotatedKeyOptions = {}): KeySource {
    return new KeySource({ secret: 'generate', ...previousOf(options) });
  }

  /**
   * A secret of AWS Secrets Manager. One that is made in the same app holds an HMAC secret; one that is imported
   * by its complete ARN may hold a public key too. Needs `algorithms`.
   */
  static secret(secret: StoredSecret, options: SecretKeyOptions = {}): KeySource {
    const arn = secret.secretFullArn ?? secret.secretArn;
    const { jsonField } = options;
    if (!Token.isUnresolved(arn)) {
      const field = jsonField === undefined ? {} : { secretJsonField: jsonField };
      return new KeySource({ secretArn: arn, ...field, ...previousOf(options) }, { secret });
    }
    if (jsonField !== undefined)
      throw new Error(
        'jsonField needs a secret whose complete ARN is known at synthesis: Secret.fromSecretCompleteArn',
      );
    // Its ARN is known to the deployment alone, and travels as a generated one's does.
    return new KeySource({ secret: 'generate', ...previousOf(options) }, { secret, isDeployTime: true });
  }

  /** A parameter of AWS Systems Manager, whose name is known at synthesis. Needs `algorithms`. */
  static parameter(parameter: IStringParameter, options: RotatedKeyOptions = {}): KeySource {
    const { parameterName } = parameter;
    if (Token.isUnresolved(parameterName))
      throw new Error('give the parameter a name of its own (parameterName): it is looked up by it');
    return new KeySource({ parameterName, ...previousOf(options) });
  }

  /** A JSON Web Key Set (RFC 7517) over https. The policy needs one `issuer`, and `audience`. */
  static jwks(uri: string): KeySource {
    return new KeySource({ jwksUri: uri });
  }

  /** The key set that the policy's one `issuer` names by OpenID Connect Discovery. Needs `audience`. */
  static discovery(): KeySource {
    return new KeySource({ discovery: true });
  }

  /** Each credential's own key verifies its tokens, and nothing else does. */
  static credentialKey(): KeySource {
    return new KeySource({ credentialKey: true });
  }

  /** As a policy of `authorizer.config.yml` has them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** A secret that was made elsewhere; with whether its ARN is known to the deployment alone. */
  readonly stored: { readonly secret?: StoredSecret; readonly isDeployTime?: boolean };

  private constructor(options: KeySource['options'], stored: KeySource['stored'] = {}) {
    this.options = options;
    this.stored = stored;
  }
}

const previousOf = ({ previousKeyDuration }: RotatedKeyOptions) =>
  previousKeyDuration === undefined ? {} : { previousSecretSeconds: previousKeyDuration.toSeconds() };
