/** dynalite ships no types; this is the part that we use. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  export interface DynaliteOptions {
    /** Folder of the LevelDB store; in memory when absent. */
    path?: string;
    /** Milliseconds a new table stays in CREATING; 500 when absent. */
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }

  export default function dynalite(options?: DynaliteOptions): Server;
}
