// The page: is told of the sandbox at a glance, and draws the view anew when something has changed.
import { BASE, forgetToken, get, identified, keepToken } from './api.js';
import { h, redraw, replace, watchTyping } from './dom.js';
import { door } from './door.js';
import { bindKeys } from './keys.js';
import { current, t } from './language.js';
import { drawTop, tick } from './top.js';
import { placeOf, VIEWS } from './views.js';

const [top, nav, main, status] = ['top', 'nav', 'main', 'told'].map((id) => document.getElementById(id));
const page = {
  overview: undefined,
  mark: undefined,
  name: 'inbox',
  rest: [],
  drawing: 0,
  stale: false,
  locked: false,
};
const live = new Worker(new URL('./live.js', import.meta.url), { type: 'module' });

/** What views and the bar may do with the page. */
const desk = {
  get overview() {
    return page.overview;
  },
  /** Says something to people, also to those who listen; a failure stays until the next sentence. */
  say(text, failed = false) {
    replace(status, h('p', { class: failed ? 'failed' : '' }, text));
  },
  /** Does something, tells how it went, and shows what has become of it. */
  async act(work, done) {
    try {
      const result = await work();
      if (done !== undefined) desk.say(typeof done === 'function' ? done(result) : done);
      await pulse();
      return result;
    } catch (error) {
      desk.say(`${error.code ? `${error.code}: ` : ''}${error.message}`, true);
      return undefined;
    }
  },
  go(hash) {
    location.hash = hash;
  },
  refresh: () => draw(),
  language: () => {
    drawAll();
    desk.say(t('said.language'));
  },
};

function read() {
  const { name, rest } = placeOf(location.hash);
  page.name = name;
  page.rest = rest;
}

function drawNav() {
  const shown = VIEWS[page.name].under ?? page.name;
  replace(
    nav,
    h(
      'ul',
      {},
      Object.entries(VIEWS)
        .filter(([, { under }]) => under === undefined)
        .map(([name]) =>
          h(
            'li',
            {},
            h(
              'a',
              { href: `#/${name}`, id: `nav-${name}`, 'aria-current': name === shown ? 'page' : undefined },
              t(`nav.${name}`),
              countOf(name) > 0 && h('span', { class: 'count' }, String(countOf(name))),
            ),
          ),
        ),
    ),
  );
  nav.setAttribute('aria-label', t('nav.label'));
}

const countOf = (name) =>
  ({
    inbox: page.overview?.waiting,
    exchanges: page.overview?.exchanges,
    faults: page.overview?.faults.length,
    scenarios: (page.overview?.armed ?? 0) + (page.overview?.rules ?? 0),
  })[name] ?? 0;

/** Loads what the view shows; an answer that comes after a later question is dropped. */
async function draw(fresh = false) {
  const number = ++page.drawing;
  const view = VIEWS[page.name];
  if (page.locked && page.name !== 'fidelity') return showDoor(false);
  try {
    const data = await view.load(page.rest, desk);
    if (number !== page.drawing) return;
    const node = view.draw(data, desk, page.rest);
    if (fresh) replace(main, node);
    else redraw(main, () => replace(main, node));
    main.dataset.ready = page.name;
  } catch (error) {
    if (number !== page.drawing) return;
    if (error.code === 'TOKEN_WRONG') return showDoor(forgetToken());
    replace(main, h('section', { class: 'card' }, h('h1', {}, t('error.title')), h('p', {}, error.message)));
    main.dataset.ready = 'error';
  }
  document.title = `${t(`nav.${VIEWS[page.name].under ?? page.name}`)} · ${t('title')}`;
}

function drawAll() {
  document.getElementById('skip').textContent = t('skip');
  redraw(top, () => drawTop(top, desk));
  drawNav();
  return draw();
}

/** What has become of what somebody has just done; the stream says the same a moment later. */
async function pulse() {
  page.overview = await get('/overview');
  page.mark = page.overview.mark;
  tick(page.overview);
  await drawAll();
}

/** Nothing is drawn for nobody: a page that is hidden draws once it is looked at. */
async function told({ overview, away, code }) {
  if (code === 'TOKEN_WRONG') {
    const wrong = forgetToken();
    page.locked = true;
    drawNav();
    // What everybody may see is shown to everybody.
    if (page.name === 'fidelity') draw();
    else showDoor(wrong);
  }
  if (away !== undefined) showAway(away);
  if (!overview) return;
  page.overview = overview;
  page.locked = false;
  tick(overview);
  if (overview.mark === page.mark) return;
  page.mark = overview.mark;
  page.stale = document.hidden;
  if (!page.stale) await drawAll();
}

function showAway(away) {
  const { classList } = document.body;
  if (classList.contains('away') === away) return;
  classList.toggle('away', away);
  desk.say(away ? t('error.away') : '', away);
}

const listen = () => live.postMessage({ base: BASE, headers: identified() });

/** In public a sandbox is its maker's: the page knows it by the same token as the API. */
function showDoor(wrong) {
  page.overview = undefined;
  page.locked = true;
  const redrawn = () => {
    showDoor(wrong);
    desk.say(t('said.language'));
  };
  const open = (token) => {
    keepToken(BASE, token);
    replace(main);
    page.mark = undefined;
    listen();
  };
  redraw(main, () => replace(main, door(desk, { open, wrong, redraw: redrawn })));
  main.dataset.ready = 'door';
  document.title = `${t('token.title')} · ${t('title')}`;
  if (wrong) document.getElementById('token').focus();
}

addEventListener('hashchange', async () => {
  read();
  drawNav();
  await draw(true);
  scrollTo(0, 0);
  main.focus({ preventScroll: true });
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  live.postMessage('now');
  if (page.stale) drawAll();
  page.stale = false;
});
live.addEventListener('message', ({ data }) => told(data));
watchTyping(document.body);
bindKeys(desk);
read();
document.documentElement.lang = current();
listen();
