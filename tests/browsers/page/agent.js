// Makes the calls of the table from wherever it runs: the page itself, a frame of another origin, a worker. It is told
// what to do through a message port, and answers through the same.
//
// A case is an expression. Its value is the verdict: what the browser let the script do. The functions that it may use
// are those that `toolsFor` returns.

'use strict';

const AsyncFunction = (async () => {}).constructor;

/** Response headers that scripts may read without a word of the server (Fetch, CORS-safelisted response-header name). */
const SAFELISTED = [
  'cache-control', 'content-language', 'content-length', 'content-type', 'expires', 'last-modified', 'pragma',
];

/** How long to wait for what should have happened long ago. */
const PATIENCE = 8000;

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What happens first: the event with the one name, or the one with the other. */
function either(target, names) {
  return new Promise((resolve) => {
    for (const [name, outcome] of Object.entries(names)) {
      target.addEventListener(name, (event) => resolve(typeof outcome === 'function' ? outcome(event) : outcome));
    }
  });
}

/** An element that loads something: `loaded` or `refused`, and gone again. */
async function loading(name, properties, parent = document.body) {
  const element = Object.assign(document.createElement(name), properties);
  const outcome = either(element, { load: 'loaded', error: 'refused' });
  parent.append(element);
  return { element, outcome: await outcome };
}

function toolsFor(id, addresses) {
  const { api, other, swapped, own } = addresses;
  // The headers of the last response that was read.
  const readable = new Set();
  const reads = (names) => {
    readable.clear();
    for (const name of names) if (!SAFELISTED.includes(name)) readable.add(name);
  };

  /** The address of a path of the API: the query tells the server which case a request belongs to. */
  const url = (path, base = api) =>
    /^https?:/.test(path) ? path : `${base}${path}${path.includes('?') ? '&' : '?'}case=${id}`;

  /** The address of a handler that redirects to another address. */
  const redirect = (path, to, base = api) => url(`${path}${path.includes('?') ? '&' : '?'}to=${encodeURIComponent(to)}`, base);

  /** What `fetch` lets the script see. */
  const outcomeOf = async (response, withBody) => {
    if (response.type === 'opaque') return 'opaque';
    if (response.type === 'opaqueredirect') return 'redirect not followed';
    reads([...response.headers.keys()]);
    return withBody ? `read ${response.status}: ${await response.text()}` : `read ${response.status}`;
  };

  const fetched = async (path, init, withBody) => {
    let response;
    try {
      response = await fetch(url(path), init);
    } catch {
      return 'refused';
    }
    return outcomeOf(response, withBody);
  };

  const tools = {
    api, other, swapped, own, url, redirect, sleep,

    /** Part of a case that another place performs. Only the page itself can hand it on. */
    from: async (place, script) => (await ask(place, { id, script, addresses })).verdict,

    /** Gives the application another list of origins. */
    reload: (origins) => fetched(`${api}/lists/reload`, { method: 'POST', mode: 'no-cors', body: JSON.stringify(origins) }),

    /** `fetch`, in a word: `read` and the status, `refused`, or `opaque` where nothing can be read on request. */
    call: (path, init) => fetched(path, init, false),

    /** The same with the text of the body. */
    body: (path, init) => fetched(path, init, true),

    /** A call with a body of this content type. */
    send: (method, path, type, body, init = {}) =>
      fetched(path, { method, body, ...init, headers: { ...(type && { 'content-type': type }), ...init.headers } }, false),

    /** `XMLHttpRequest`, in the same words. */
    xhr: (method, path, { headers = {}, body = null, credentials = false, upload = false, sync = false } = {}) =>
      new Promise((resolve) => {
        const request = new XMLHttpRequest();
        request.open(method, url(path), !sync);
        request.withCredentials = credentials;
        for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
        if (upload) request.upload.onprogress = () => {};
        const read = () => {
          const lines = request.getAllResponseHeaders().trim().split(/[\r\n]+/);
          reads(lines.map((line) => line.split(':')[0].toLowerCase()));
          resolve(`read ${request.status}`);
        };
        request.onload = read;
        request.onerror = () => resolve('refused');
        try {
          request.send(body);
        } catch {
          resolve('refused');
        }
      }),

    /** How many requests of this case the server has seen, once they are as many as they should be. */
    seen: async (count) => {
      let last;
      for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(20)) {
        last = Number(await (await fetch(`${api}/seen/${id}`, { cache: 'no-store' })).text());
        if (last >= count) break;
      }
      return `${last} seen`;
    },

    /** A real form, sent into a frame. */
    form: async (path, fields, { method = 'post', enctype = 'application/x-www-form-urlencoded' } = {}) => {
      const name = `target-${id}`;
      const frame = Object.assign(document.createElement('iframe'), { name });
      const form = Object.assign(document.createElement('form'), { action: url(path), method, enctype, target: name });
      for (const [field, value] of Object.entries(fields)) {
        form.append(Object.assign(document.createElement('input'), { name: field, value }));
      }
      document.body.append(frame, form);
      // `submit` is the form's own even where a field has that name.
      HTMLFormElement.prototype.submit.call(form);
      await tools.seen(1);
      form.remove();
      return 'sent';
    },

    /** `EventSource`: the data of the first event, or `refused`. */
    events: async (path, init) => {
      const source = new EventSource(url(path), init);
      const outcome = await either(source, { message: (event) => `event: ${event.data}`, error: 'refused' });
      source.close();
      return outcome;
    },

    /** An image, and whether a canvas that it was drawn on can be read. */
    image: async (path, properties = {}) => {
      const { element, outcome } = await loading('img', { ...properties, src: url(path) });
      element.remove();
      if (outcome === 'refused') return outcome;
      const context = document.createElement('canvas').getContext('2d');
      context.drawImage(element, 0, 0);
      try {
        context.getImageData(0, 0, 1, 1);
        return 'loaded, pixels readable';
      } catch {
        return 'loaded, pixels withheld';
      }
    },

    /** An element that loads what its address says. */
    element: async (name, properties, parent) => {
      const { element, outcome } = await loading(name, properties, parent);
      element.remove();
      return outcome;
    },

    /** A style sheet: whether it was loaded, and whether a script can read its rules. */
    sheet: async (path, properties = {}) => {
      const { element, outcome } = await loading('link', { rel: 'stylesheet', ...properties, href: url(path) }, document.head);
      let rules = '';
      if (outcome === 'loaded') {
        try {
          rules = `, ${element.sheet.cssRules.length} rule readable`;
        } catch {
          rules = ', rules withheld';
        }
      }
      element.remove();
      return outcome + rules;
    },

    /** A font by CSS: browsers load fonts in no other way than by CORS. */
    font: async (path) => {
      const family = `font-${id}`;
      const style = document.createElement('style');
      style.textContent = `@font-face { font-family: "${family}"; src: url("${url(path)}"); }`;
      document.head.append(style);
      try {
        const faces = await document.fonts.load(`16px "${family}"`, 'A');
        return faces.length === 1 && faces[0].status === 'loaded' ? 'loaded' : 'refused';
      } catch {
        return 'refused';
      } finally {
        style.remove();
      }
    },

    /** A module script. */
    module: async (path) => {
      try {
        return `loaded, exports ${Object.keys(await import(url(path)))}`;
      } catch {
        return 'refused';
      }
    },

    /** What a page learns about an error in a script that it loads. */
    script: async (path, properties = {}) => {
      const told = new Promise((resolve) => {
        addEventListener('error', (event) => {
          event.preventDefault();
          resolve(event.message === 'Script error.' ? 'message withheld' : 'message readable');
        }, { once: true });
      });
      const { element, outcome } = await loading('script', { ...properties, src: url(path) });
      element.remove();
      return outcome === 'refused' ? outcome : `loaded, ${await told}`;
    },
  };
  return { tools, readable };
}

/** Does what a case says, and tells what came of it. */
async function perform({ id, script, addresses }) {
  const { tools, readable } = toolsFor(id, addresses);
  const late = sleep(PATIENCE * 2).then(() => 'no verdict in time');
  let verdict;
  try {
    const run = new AsyncFunction(...Object.keys(tools), `return ${script}`);
    verdict = await Promise.race([run(...Object.values(tools)), late]);
  } catch (error) {
    verdict = `failed: ${error}`;
  }
  return { id, verdict: Array.isArray(verdict) ? verdict.join(', ') : String(verdict), readable: [...readable].sort() };
}

const listen = (event) => {
  const port = event.ports[0];
  if (!port || !event.data || !event.data.script) return;
  const done = perform(event.data).then((result) => port.postMessage(result));
  // A service worker may be stopped between two events.
  event.waitUntil?.(done);
};
globalThis.addEventListener('message', listen);
globalThis.addEventListener('connect', ({ ports: [port] }) => {
  port.onmessage = listen;
});
