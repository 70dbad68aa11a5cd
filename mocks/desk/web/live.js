// A worker that listens to the desk's stream and tells the page. It is a worker because a browser writes on the console
// of a page whatever that page cannot load, and a desk that is away is no error of the page.
import { patience, readEvents } from './events.js';

/** The desk beats every 15 s. */
const DEAD_MS = 40_000;
const POLL_MS = 10_000;

const live = { base: '', headers: {}, mark: undefined, run: 0, tries: 0, refused: false };

/** { base, headers }: begins, or begins anew. 'now': somebody looks, so there is no more waiting. */
addEventListener('message', ({ data }) => {
  if (data === 'now') {
    if (live.tries > 0) begin();
    return;
  }
  Object.assign(live, data, { mark: undefined, tries: 0, refused: false });
  begin();
});

let waiting;
const later = (ms, work) => {
  clearTimeout(waiting);
  waiting = setTimeout(work, ms);
};

let line;
async function begin() {
  clearTimeout(waiting);
  line?.abort();
  line = new AbortController();
  const { signal } = line;
  const run = ++live.run;
  try {
    await follow(signal);
  } catch {
    // the line was cut, or never there
  }
  if (run !== live.run || live.refused) return;
  live.tries += 1;
  if (live.tries > 1) postMessage({ away: true }); // a desk that starts anew is back at the first try
  later(patience(live.tries), begin);
}

/** Comes back when the stream has ended. */
async function follow(signal) {
  const headers = live.mark === undefined ? live.headers : { ...live.headers, 'last-event-id': live.mark };
  const answer = await fetch(`${live.base}/stream`, { headers, signal, cache: 'no-store' });
  if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) return poll(answer, signal);
  back();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const dead = setTimeout(() => line.abort(), DEAD_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(dead));
    if (done) return undefined;
    const { events, rest } = readEvents(text + value);
    text = rest;
    for (const { data } of events) tell(JSON.parse(data));
  }
}

/** Where the stream is refused, or something between lets none through: a question now and then. */
async function poll(refusal, signal) {
  const { code } = await refusal.json().catch(() => ({}));
  live.refused = code === 'TOKEN_WRONG';
  if (live.refused) return postMessage({ code });
  for (;;) {
    const answer = await fetch(`${live.base}/overview`, { headers: live.headers, signal });
    if (!answer.ok) return undefined;
    back();
    const overview = await answer.json();
    if (overview.mark !== live.mark) tell({ overview });
    await new Promise((resolve) => {
      setTimeout(resolve, POLL_MS);
    });
  }
}

function back() {
  live.tries = 0;
  live.refused = false;
  postMessage({ away: false });
}

function tell({ overview, changed }) {
  live.mark = overview.mark;
  postMessage({ overview, changed });
}
