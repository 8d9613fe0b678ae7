/**
 * Plans a listing with the package for Node and tells what it took, as bench/planning.rs does.
 *
 * node plan.mjs PACKAGE LISTING --plan-in-memory FILES ROUNDS
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuUsage, argv, resourceUsage, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';

const [, , packagePath, folder, , , rounds] = argv;
const { planImage } = await import(pathToFileURL(packagePath));

const array = (name) => new Uint8Array(readFileSync(join(folder, name)));
const pathEnds = new Uint32Array(array('ends').buffer);
const entries = {
  paths: array('paths'),
  pathEnds,
  kinds: new Uint8Array(pathEnds.length),
  sizes: new Float64Array(array('sizes').buffer),
  modified: new Float64Array(array('modified').buffer).map((seconds) => seconds * 1000),
  targets: [],
};
/** As planning.rs has them. */
const options = {
  volumeId: 'CORPUS',
  fileSystems: { iso9660: true, joliet: true, rockRidge: true, udf: true },
  isoLevel: 1,
  created: 1_614_834_367_000,
};

/** The most memory this process has had, in bytes. */
const peak = () => resourceUsage().maxRSS * 1024;

const before = peak();
const told = { rounds: [], memory: 0, size: 0 };
for (let round = 0; round < Number(rounds); round++) {
  const cpu = cpuUsage();
  const start = performance.now();
  const plan = planImage(entries, options);
  const wall = (performance.now() - start) / 1e3;
  const { user, system } = cpuUsage(cpu);
  told.rounds.push({ wall, user: user / 1e6, system: system / 1e6 });
  told.size = plan.sizeBytes;
  plan.free();
}
told.memory = peak() - before;
stdout.write(JSON.stringify(told));
