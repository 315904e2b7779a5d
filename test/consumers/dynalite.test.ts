import { startDynalite } from '../support/dynalite.ts';
import { storeContract } from './store-contract.ts';

storeContract('dynalite', startDynalite);
