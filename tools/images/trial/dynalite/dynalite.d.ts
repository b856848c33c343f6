declare module 'dynalite' {
  import { type Server } from 'node:http';

  /** Listens for DynamoDB's API once it is told to; closing it also closes its store. */
  export default function dynalite(options: {
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }): Server;
}
