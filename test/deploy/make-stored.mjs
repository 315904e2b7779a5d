// Makes a secret and a parameter on the emulator, and stored.yml, which takes its keys from them.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';

const folder = process.argv[2] ?? '.';
const newSecret = () => randomBytes(48).toString('base64url');
const parameterName = '/orders/jwt-key';

const { ARN } = await new SecretsManagerClient().send(
  new CreateSecretCommand({ Name: 'orders-jwt', SecretString: JSON.stringify({ key: newSecret() }) }),
);
await new SSMClient().send(
  new PutParameterCommand({ Name: parameterName, Type: 'SecureString', Value: newSecret() }),
);
writeFileSync(
  join(folder, 'stored.yml'),
  `jwt:
  - issuer: https://secrets.example
    secretArn: ${ARN}
    secretJsonField: key
    algorithms: [HS256]
    previousSecretSeconds: 14
    checkCredentialExistence: false
  - issuer: https://parameters.example
    parameterName: ${parameterName}
    algorithms: [HS256]
    previousSecretSeconds: 14
    checkCredentialExistence: false
authorizerCacheSeconds: 0
`,
);
