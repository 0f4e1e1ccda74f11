// jest with this project's Node flags, no build: npm run jest -- core/events --selectProjects unit
import { runJest } from './lib/jest.mjs';

process.exitCode = await runJest(process.argv.slice(2));
