import { installExpressGateway } from './gateway.ts';

/** Once, before the files of the tier run beside each other. */
export const setup = (): void => void installExpressGateway();
