import { eventOf } from './events.ts';
import { storm } from './load.ts';
import { cpuMs, untilQuiet } from './cpu.ts';
import { setUp, withN8n } from './stand.ts';
import { MESSAGES, pathOf } from './workflows.ts';
import type { Pipeline } from './workflows.ts';
const legacy = process.argv[2] !== 'default';
const count = Number(process.argv[3] ?? 1000);
const pipeline = (process.argv[4] ?? 'durable') as Pipeline;
await withN8n({ title: 'prof', env: legacy ? { N8N_EXPRESSION_ENGINE: 'legacy' } : {} }, async (n8n, providers) => {
  await setUp(n8n, providers, [pipeline]);
  let next = 0; const pid = n8n.processes[0].child.pid as number;
  const go = async (n: number) => {
    const before = cpuMs(pid);
    const r = await storm({ url: n8n.webhookUrl(pathOf(pipeline)), bodies: Array.from({length: n}, () => eventOf(next++)), connections: 20, messagesPerEvent: MESSAGES[pipeline], counter: providers.counter, stallMs: 60000 });
    await untilQuiet(pid);
    console.log(n, 'answered/s', (n/r.answeredMs*1000).toFixed(0), 'sent/s', (n/r.sentMs*1000).toFixed(1), 'cpu/event', ((cpuMs(pid)-before)/n).toFixed(1), r.invalid ?? '');
  };
  await go(100); await go(count); await go(count);
});
