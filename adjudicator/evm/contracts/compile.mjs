// Compiles the contracts of bindings.txt with npm's solc, as foundry.toml has it, and writes
// <contract>.abi and <contract>.bin into a directory. The output depends on the sources alone.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const solc = createRequire(import.meta.url)('solc');
const here = dirname(fileURLToPath(import.meta.url));
const [out] = process.argv.slice(2);

const contracts = readFileSync(join(here, 'bindings.txt'), 'utf8')
  .split('\n').filter((line) => line && !line.startsWith('#'))
  .map((line) => line.split(/\s+/))
  .map(([, name, source, code]) => ({ name, source, bytecode: code === 'runtime' ? 'deployedBytecode' : 'bytecode' }));

const read = (path) => readFileSync(join(here, path.startsWith('@') ? 'node_modules' : '', path), 'utf8');

const input = {
  language: 'Solidity',
  sources: Object.fromEntries(contracts.map(({ source }) => [source, { content: read(source) }])),
  settings: {
    viaIR: true,
    evmVersion: 'cancun',
    optimizer: { enabled: true, runs: 1_000_000 },
    metadata: { bytecodeHash: 'none', appendCBOR: false },
    outputSelection: Object.fromEntries(
      contracts.map(({ name, source, bytecode }) => [source, { [name]: ['abi', `evm.${bytecode}.object`] }])),
  },
};

const resolveImport = (path) => {
  try {
    return { contents: read(path) };
  } catch (error) {
    return { error: String(error) };
  }
};
const output = JSON.parse(solc.compile(JSON.stringify(input), { import: resolveImport }));
const messages = (output.errors ?? []).filter(({ severity }) => severity !== 'info');
if (messages.length > 0) {
  console.error(messages.map(({ formattedMessage }) => formattedMessage).join('\n'));
  process.exit(1);
}
for (const { name, source, bytecode } of contracts) {
  const { abi, evm } = output.contracts[source][name];
  writeFileSync(join(out, `${name}.abi`), JSON.stringify(abi));
  writeFileSync(join(out, `${name}.bin`), evm[bytecode].object);
}
