import { argv } from 'node:process';
import { open } from 'lmdb';
import { environmentOptions } from '../../src/session/lmdb-environment.ts';

/** A program of its own: reads in the LMDB environment in the folder that it is given, until it is killed. */
const environment = open({ path: argv[2] ?? '', ...environmentOptions });
const values = environment.openDB<Buffer, string>({ name: 'values', encoding: 'binary' });
const [transaction, entries] = [environment.useReadTransaction(), values.getRange({})];
for (const _entry of entries) {
  process.stdout.write('reading\n');
  break;
}
setInterval(() => transaction, 1000);
