// Goes through the table: has each case performed in its place, one after the other, and reports what came of it.

'use strict';

/** An iframe with an agent in it, which a message reaches. */
async function frame(properties) {
  const element = document.createElement('iframe');
  if (properties.sandbox) element.setAttribute('sandbox', properties.sandbox);
  const loaded = new Promise((resolve) => { element.onload = resolve; });
  Object.assign(element, properties.srcdoc ? { srcdoc: properties.srcdoc } : { src: properties.src });
  document.body.append(element);
  await loaded;
  return (message, port) => element.contentWindow.postMessage(message, '*', [port]);
}

const worker = (made) => (message, port) => made.postMessage(message, [port]);

/** Where cases are performed, apart from frames whose address the server gives. Each is made when it is first needed. */
const PLACES = {
  page: async () => (message, port) => {
    postMessage(message, '*', [port]);
  },
  sandboxed: async () => frame({ sandbox: 'allow-scripts allow-forms', src: '/agent' }),
  data: async (source) =>
    frame({ src: `data:text/html,${encodeURIComponent(`<!DOCTYPE html><body><script>${source}</script>`)}` }),
  srcdoc: async (source) => frame({ srcdoc: `<!DOCTYPE html><body><script>${source}</script>` }),
  worker: async () => worker(new Worker('/agent.js')),
  module_worker: async () => worker(new Worker('/agent.js', { type: 'module' })),
  blob_worker: async (source) => worker(new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })))),
  data_worker: async (source) => worker(new Worker(`data:text/javascript,${encodeURIComponent(source)}`)),
  shared_worker: async () => worker(new SharedWorker('/agent.js').port),
  data_shared_worker: async (source) =>
    worker(new SharedWorker(`data:text/javascript,${encodeURIComponent(source)}`).port),
  service_worker: async () => {
    const registration = await navigator.serviceWorker.register('/agent.js', { scope: '/nowhere' });
    const starting = registration.installing ?? registration.waiting ?? registration.active;
    while (starting.state !== 'activated') {
      if (starting.state === 'redundant') throw new Error('the service worker was not installed');
      await new Promise((resolve) => starting.addEventListener('statechange', resolve, { once: true }));
    }
    return worker(starting);
  },
};

/** How often to try to make a place: on a busy machine, Firefox gives up a service worker while it installs it. */
const TRIES = 3;

async function made(place) {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await place();
    } catch (error) {
      if (left === 1) throw error;
      await sleep(1000);
    }
  }
}

/** Has a case performed. */
let ask;

async function run() {
  const { addresses, frames, cases } = await (await fetch('/setup')).json();
  const source = await (await fetch('/agent.js')).text();
  const places = new Map();
  const make = (name) => (name in frames ? frame({ src: frames[name] }) : PLACES[name](source));
  const place = (name) => {
    if (!places.has(name)) places.set(name, made(() => make(name)));
    return places.get(name);
  };
  ask = async (name, task) => {
    const post = await place(name);
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve) => { port1.onmessage = ({ data }) => resolve(data); });
    post(task, port2);
    const late = sleep(PATIENCE * 3).then(() => ({ id: task.id, verdict: 'no answer in time', readable: [] }));
    const result = await Promise.race([answer, late]);
    port1.close();
    return result;
  };

  const results = [];
  for (const { id, place: name, script } of cases) {
    document.title = id;
    results.push(await ask(name, { id, script, addresses }));
  }
  return { results };
}

run()
  .catch((error) => ({ results: [], broken: String(error) }))
  .then((report) => fetch('/report', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(report),
  }));
